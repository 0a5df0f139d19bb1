/** Bugs of `src/sharing`: upstreams that are never closed, values that reach the wrong observer, moves that break before they make. */
import { inFile, type Mutant } from '../mutant.ts';

export const sharing: readonly Mutant[] = [
  ...inFile('sharing/admission.ts', ['sharing/housing', 'sharing/sets'], [
    { breaks: 'G2: each newcomer has a window of its own', find: 'cancelWindow ??= clock.after(window, closeWindow);', replace: 'cancelWindow = clock.after(window, closeWindow);', tests: ['sharing/housing', 'model/model'] },
    { breaks: 'G2: a page that churns opens without limit', find: 'if (fillsUpstream() || opens.tryTake()) {', replace: 'if (fillsUpstream() || opens.tryTake() || true) {' },
    { breaks: 'a server that refuses to be peeked at is asked again and again', find: 'peekFrom = clock.monotonic() + peekAgainAfter;', replace: '' },
    { breaks: 'G5: a late peek overwrites an opening', find: 'if (newcomers.has(tenant) && tenant.current === undefined) {', replace: 'if (tenant.current !== null) {' },
    { breaks: 'closing does not abort a peek', find: 'closing.abort();', replace: '' },
  ]),
  ...inFile('sharing/housing.ts', ['sharing/housing', 'sharing/sets', 'sharing/splitting'], [
    { breaks: 'G8: a definition that was refused costs its neighbours another search', find: 'suspect: ({ key }) => suspects.set(key, true),', replace: 'suspect: () => undefined,' },
    { breaks: 'G8: a 413 is met again by later newcomers', find: 'limit = Math.min(limit, size);', replace: '' },
    { breaks: 'G13: a merge for nobody goes on', find: 'awaited.forEach((group) => (group.awaited ? group.giveUpUnobserved() : awaited.delete(group)));', replace: '', tests: ['model/regressions'] },
    { breaks: 'G2: a set or a statistic whose definitions are live opens an upstream', find: 'if (!isKnown && ![...groups].some((group) => group.admit(tenant))) {', replace: 'if (!isKnown) {' },
    { breaks: 'G2: the bucket holds a thousand openings', find: 'const opensAtOnce = 10;', replace: 'const opensAtOnce = 1000;' },
    { breaks: 'I5: a newer tenant of the same key is forgotten', find: 'if (tenants.get(tenant.key) === tenant) {', replace: 'if (tenants.has(tenant.key)) {', tests: ['sharing/set', 'sharing/splitting', 'model/model'] },
    { breaks: 'refresh() reaches nobody', find: 'groups.forEach((group) => group.refresh());', replace: '', tests: ['client'] },
    { breaks: 'G3: close() leaves upstreams open', find: 'groups.forEach((group) => group.close());', replace: '', tests: ['journeys/lifetime'] },
    { breaks: 'G5: close() completes nobody', find: 'all.forEach((tenant) => tenant.complete());', replace: '', tests: ['journeys/lifetime'] },
  ]),
  ...inFile('sharing/compaction.ts', ['sharing/housing', 'model/regressions'], [
    { breaks: 'G8: a suspect moves in with others', find: '&& !group.members().some(isSuspect)', replace: '', tests: ['sharing/housing', 'model/model'] },
    { breaks: 'G2: tenants on their way are moved once more', find: '!leaving.has(group) && ', replace: '', tests: ['sharing/housing', 'model/model'] },
    { breaks: 'G2: a failed move is repeated without backoff', find: 'quietTime * 2 ** Math.min(failures, mostDoublings)', replace: 'quietTime' },
    { breaks: 'I4: the quiet time outlives the client', find: 'close: stop,', replace: 'close: () => undefined,', tests: ['client', 'sharing/housing'] },
  ]),
  ...inFile('sharing/cell.ts', ['sharing/cell', 'journeys/values', 'upstream/fallback/fallback'], [
    { breaks: 'G5: after a failover, values stop until an older clock has caught up', find: '&& haveSameClock(answer, this.#session)', replace: '', tests: ['journeys/healing', 'journeys/values'] },
    { breaks: 'G5, I12: a move to another upstream brings an older value', find: 'return session === of || (opening && !reopened);', replace: 'return session === of;', tests: ['sharing/cell', 'sharing/set', 'model/model'] },
    { breaks: 'G5: an older value is shown', find: '(before !== reading && this.isNewerThan(', replace: '(before === reading && this.isNewerThan(' },
    { breaks: 'F154: a time in the future holds back what follows', find: '(!this.#isAhead || isAhead(reading, serverTime));', replace: 'true;', tests: ['faults/freshness'] },
  ]),
  ...inFile('sharing/set.ts', ['sharing/set', 'sharing/residents'], [
    { breaks: 'G6: an answer that lacks a member is shown', find: 'if (reading === undefined || (isComparable', replace: 'if ((isComparable' },
    { breaks: 'F154: a time in the future of one member holds back what follows', find: '(this.#ahead?.has(index) !== true || isAhead(reading, serverTime));', replace: 'true;', tests: ['faults/freshness'] },
    { breaks: 'G5, G6: an older member is shown', find: 'shown !== undefined && isOlder(reading, shown)', replace: 'shown !== undefined && isOlder(shown, reading)' },
    { breaks: 'G6: after a mixed answer only its changes are compared', find: 'before === undefined || this.isBehind || changed === undefined;', replace: 'before === undefined || changed === undefined;' },
  ]),
  ...inFile('sharing/residents.ts', ['sharing/residents', 'sharing/sets'], [
    { breaks: 'G2: a definition is on the wire for each tenant that needs it', find: 'if (!places.has(definition.key)) {', replace: 'if (definition.key !== undefined) {' },
    { breaks: 'G5: a tenant that has moved on is offered the answers of its old home', find: 'if (tenant.home === home && tenant.places.length > 1 === isSet) {', replace: 'if (tenant.places.length > 1 === isSet) {' },
    { breaks: 'polls are narrowed to what somebody still needs and no more', find: 'if (claims === (change === 1 ? 1 : 0)) {', replace: 'if (claims >= (change === 1 ? 1 : 0)) {' },
  ]),
  ...inFile('sharing/group.ts', ['sharing/housing', 'sharing/sets', 'model/model'], [
    { breaks: 'G2: movers are never let in', find: 'moving.forEach((tenant) => this.#moveIn(tenant, this.#residents.find(tenant)));', replace: '' },
    { breaks: 'I16: a newcomer to a silent upstream waits in silence', find: 'if (this.#silence !== undefined) {', replace: 'if (this.#silence === null) {' },
    { breaks: 'I11: a newcomer is given a value older than another tenant has shown', find: '!this.#residents.at(place).some((tenant) => tenant.isNewerThan(reading, serverTime, place))', replace: 'true', tests: ['sharing/sets', 'model/model'] },
    { breaks: 'a definition that is not needed any more is still asked for', find: '2 * this.observed > this.opened', replace: 'this.observed > 0' },
  ]),
  ...inFile('sharing/packing.ts', ['sharing/packing', 'sharing/sets'], [
    { breaks: 'G2: a set is put where it does not fit', find: 'const fits = more === 0 || bin.keys.size + more <= limit;', replace: 'const fits = true;' },
    { breaks: 'G2: shared definitions are counted twice', find: 'sum + (bin.keys.has(key) ? 0 : 1), 0);', replace: 'sum + (bin.keys.has(key) ? 1 : 1), 0);' },
    { breaks: 'G2: single statistics do not fill up the upstreams of sets', find: 'homeless.splice(0, Math.max(0, limit - bin.keys.size))', replace: 'homeless.splice(0, 0)' },
  ]),
  ...inFile('sharing/splitting.ts', ['sharing/splitting', 'sharing/sets', 'sharing/set'], [
    { breaks: 'G8: a wrong key is met once for each definition', find: 'const loneRefusalsToGiveUp = 4;', replace: 'const loneRefusalsToGiveUp = 4000;' },
    { breaks: 'G8: tenants that live elsewhere are opened anew with the newcomers', find: 'if (homeless.length < alive.length) {', replace: 'if (homeless.length < 0) {' },
    { breaks: 'G8: a remembered value passes for an answer to a member of a refused set', find: 'if (!isJoining && cell.home !== undefined &&', replace: 'if (cell.home !== undefined &&' },
    { breaks: 'G8: a rejected tenant is given out again', find: 'tenants.forEach(deps.forget);', replace: '' },
  ]),
  ...inFile('sharing/pool.ts', ['sharing/pool'], [
    { breaks: 'G13: an upstream that somebody came back to ends all the same', find: 'if (users > 0 || over) {', replace: 'if (over) {' },
    { breaks: 'an evicted upstream stays open', find: "if (reason === 'evict') {", replace: "if (reason === 'set') {" },
  ]),
];
