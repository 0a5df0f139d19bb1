/** Bugs of `src/kpi`, `src/consumer`, `src/web`, `src/node` and `src/simulator`. */
import { inFile, type Mutant } from '../mutant.ts';

export const entries: readonly Mutant[] = [
  ...inFile('kpi/kpi.ts', ['kpi/kpi', 'journeys/values'], [
    { breaks: 'a figure that has not changed is told again', find: 'distinctUntilChanged(),', replace: '' },
  ]),
  ...inFile('kpi/combine-statistics.ts', ['kpi/combine-statistics'], [
    { breaks: 'a snapshot before every input has come', find: 'silent === 0 && pending === undefined', replace: 'pending === undefined' },
    { breaks: 'one emission for each input of a burst', find: 'silent === 0 && pending === undefined', replace: 'silent === 0' },
    { breaks: 'an input that ends without a value is waited for forever', find: '--running === 0 || !heard', replace: '--running === 0' },
    { breaks: 'an input that came twice stands for another', find: 'if (!heard) {', replace: 'if (silent > 0) {' },
  ]),
  ...inFile('consumer/abort.ts', ['node/to-readable', 'web/to-async-iterable'], [
    { breaks: 'I4: a listener on the signal outlives the stream', find: `return () => signal.removeEventListener('abort', listener);`, replace: 'return () => undefined;' },
    { breaks: 'a signal that is aborted already is not heard', find: 'if (signal.aborted) {', replace: 'if (!signal.aborted && signal.aborted) {' },
  ]),
  ...inFile('node/file-journal.ts', ['node/file-journal'], [
    { breaks: 'F82: what is open at one server is deleted at another', find: 'return of === server && ', replace: 'return ' },
    { breaks: 'F82: what a process has open that runs is deleted', find: ' && !isRunning({ pid: Number(pid), began });', replace: ' && pid !== began;' },
    { breaks: 'F82: what is taken over is taken over for ever', find: 'discard(path);', replace: '' },
    { breaks: 'F82: a pipe or a link is read', find: 'stat.isFile() && ', replace: '' },
    { breaks: 'F82: a file of any size is read', find: ' && stat.size <= mostBytes', replace: '' },
    { breaks: 'F82: the directory is open to all', find: 'mode: 0o700', replace: 'mode: 0o755' },
    { breaks: 'F82: a process of another host is looked for on this one', find: '${hostname()}', replace: '' },
  ]),
  ...inFile('node/notes.ts', ['node/notes', 'node/file-journal'], [
    { breaks: 'F82: everybody may read a journal', find: '{ mode: 0o600 }', replace: '{ mode: 0o644 }' },
    { breaks: 'F82: a line is written behind half of one', find: '    lines = Infinity;', replace: '' },
    { breaks: 'F82: a file grows for months', find: ' || lines > 2 * noted.size + spareLines', replace: ' || lines === Infinity' },
    { breaks: 'F82: a full disk is given a file for each attempt', find: 'discard(next);', replace: '' },
    { breaks: 'F82: the file before stays', find: 'discard(before);', replace: '' },
    { breaks: 'F82: half a line is an entry', find: '.slice(0, -1)', replace: '' },
    { breaks: 'F82: an entry of any length is read', find: ' && entry.length <= longestEntry', replace: '' },
  ]),
  ...inFile('node/running.ts', ['node/file-journal'], [
    { breaks: 'F82: a number that was given again keeps what was left', find: `return began === '' || now === '' || now === began;`, replace: 'return true;' },
    { breaks: 'F82: one that ended and was not noticed keeps what was left', find: `=== 'Z'`, replace: `=== 'z'` },
    { breaks: 'F82: nobody ever ends', find: `=== 'ESRCH'`, replace: `=== 'ESRCHx'` },
    { breaks: 'F82: the wrong field tells when a process began', find: '[0, 19]', replace: '[0, 12]' },
  ]),
  ...inFile('consumer/pull.ts', ['node/to-readable', 'web/to-async-iterable'], [
    { breaks: 'what a source says on being stopped is its end', find: 'end ??= how;', replace: 'end = how;' },
    { breaks: 'what was queued is given after the end', find: 'queue.clear();', replace: '' },
    { breaks: 'I2: the source is never unsubscribed', find: 'stopped.next();', replace: '' },
    { breaks: 'an error is thrown again and again', find: 'end &&= completed;', replace: '' },
    { breaks: 'one observable is subscribed to twice', find: 'started = true;', replace: '' },
  ]),
  ...inFile('consumer/queue.ts', ['consumer/queue'], [
    { breaks: 'a buffer of n holds one less', find: 'if (this.size > this.#limit) {', replace: 'if (this.size >= this.#limit) {' },
    { breaks: 'F89: nothing conflates', find: `if (rule === 'latest') {`, replace: `if (rule === 'all') {` },
    { breaks: 'what is replaced is not counted', find: 'return before + 1 - this.size;', replace: 'return Math.max(0, before - this.size);' },
  ]),
  ...inFile('consumer/keys.ts', ['consumer/queue'], [
    { breaks: 'objects of two types are one statistic', find: 'name ?? statisticId, objectId, objectType]', replace: 'name ?? statisticId, objectId]' },
    { breaks: 'a statistic is told by its id, which is another after a re-open', find: 'name ?? statisticId,', replace: 'statisticId ?? name,' },
    { breaks: 'one source replaces the values of another for ever', find: 'last !== undefined && !isOneStream(last.item, item)', replace: 'last === item' },
    { breaks: 'a snapshot of another set is taken for a newer one', find: 'fields.every((field) => isSameMember(a[field], b[field]))', replace: 'fields.length > 0' },
    { breaks: 'no key equals another, and all items wait', find: `(typeof key === 'object' && key !== null) ||`, replace: '' },
  ]),
  ...inFile('consumer/losses.ts', ['consumer/losses'], [
    { breaks: 'a report for every value that is lost', find: 'const pause = 1000;', replace: 'const pause = 0;' },
    { breaks: 'what was reported is reported again', find: '    lost = 0;', replace: '' },
    { breaks: 'the last losses are never reported', find: 'if (lost > 0) {', replace: 'if (lost < 0) {' },
    { breaks: 'I4: a timer outlives the stream', find: 'timer?.unsubscribe();', replace: '' },
  ]),
  ...inFile('web/to-async-iterable.ts', ['web/to-async-iterable'], [
    { breaks: 'I2: break does not unsubscribe', find: 'pull.stop();', replace: '' },
    { breaks: 'it subscribes before it is asked', find: 'if (!begun) {', replace: 'if (begun) {' },
    { breaks: 'return resolves with a promise', find: 'value: (await value) as R', replace: 'value: value as R' },
  ]),
  ...inFile('web/to-web-stream.ts', ['web/to-web-stream'], [
    { breaks: 'what is old waits in the queue of the stream', find: '{ highWaterMark: 0 },', replace: '{ highWaterMark: 1 },' },
    { breaks: 'I2: a stream that is cancelled stays subscribed', find: 'pull.stop();', replace: '' },
    { breaks: 'a value of nobody is enqueued', find: 'wanted = false; // one', replace: '// one' },
  ]),
  ...inFile('node/to-readable.ts', ['node/to-readable'], [
    { breaks: 'what is old waits in the buffer of the stream', find: 'highWaterMark: 0,', replace: 'highWaterMark: 16,' },
    { breaks: 'more is pushed than was asked for', find: 'wanted = false; // first', replace: '// first' },
    { breaks: 'I4: a listener on the signal outlives the stream', find: 'release();', replace: '' },
    { breaks: 'I2: a stream that is destroyed stays subscribed', find: 'pull.stop(undefined, readable.readableLength);', replace: '' },
    { breaks: 'null ends the stream in silence', find: 'isAbsent(taken.value)', replace: 'isAbsent(readable)' },
  ]),
  ...inFile('node/to-ndjson.ts', ['node/to-ndjson'], [
    { breaks: 'lines run into each other', find: "jsonLine(value, 'toNdjson')}\\n`", replace: "jsonLine(value, 'toNdjson')}`" },
  ]),
  ...inFile('node/json-line.ts', ['node/to-ndjson', 'security/terminal'], [
    { breaks: 'F100: what drives a terminal is written as it is', find: 'line = inAnyReader(JSON.stringify(value));', replace: 'line = JSON.stringify(value);' },
  ]),
  ...inFile('node/text-transform.ts', ['node/to-ndjson', 'node/to-server-sent-events'], [
    { breaks: 'F89: lines wait where nothing conflates', find: 'writableHighWaterMark: 1,', replace: 'writableHighWaterMark: 16,' },
  ]),
  ...inFile('node/to-server-sent-events.ts', ['node/to-server-sent-events'], [
    { breaks: 'a carriage return begins a field of its own', find: '/\\r\\n|\\r|\\n/', replace: '/\\n/' },
    { breaks: 'heartbeats pile up before a page that does not read', find: 'events.readableLength === 0', replace: 'heartbeat > 0' },
    { breaks: 'a heartbeat right behind an event', find: 'if (timer !== undefined) {', replace: 'if (timer === null) {' },
    { breaks: 'a stream that nobody uses holds the process', find: 'const stop = (): void => timer?.unsubscribe();', replace: 'const stop = (): void => timer?.unsubscribe(); queueMicrotask(() => waitInSilence());' },
    { breaks: 'I4: heartbeats outlive the stream', find: 'ended: stop,', replace: '' },
    { breaks: 'an id adds fields of its own', find: 'if (!isLine(text)) {', replace: 'if (text === name) {' },
  ]),
  ...inFile('node/to-batches.ts', ['node/to-batches'], [
    { breaks: 'a batch holds one too many', find: 'if (batch.length < size) {', replace: 'if (batch.length <= size) {' },
    { breaks: 'a batch waits to be full for ever', find: 'isDue = true;', replace: '' },
    { breaks: 'a batch is given early for the one before it', find: '    isDue = false;', replace: '' },
    { breaks: 'batches pile up before a busy sink', find: 'readableHighWaterMark: 0,', replace: 'readableHighWaterMark: 16,' },
    { breaks: 'the rest is lost at the end', find: 'if (rest.length > 0) {', replace: 'if (rest.length > size) {' },
    { breaks: 'I4: a timer outlives the stream', find: 'timer?.unsubscribe();', replace: '' },
  ]),
  ...inFile('node/export-metrics.ts', ['node/export-metrics'], [
    { breaks: 'a stale number is exported as a live one', find: "state.status === 'live' ? numberOf", replace: "state.value !== undefined ? numberOf" },
    { breaks: 'a series outlives its statistic', find: 'complete: remove,', replace: 'complete: () => undefined,' },
    { breaks: 'what is registered stays', find: 'names.push((', replace: '[].push((' },
    { breaks: 'one series stands for two statistics', find: 'if (series.has(id)) {', replace: 'if (series.has(argument)) {' },
    { breaks: 'seconds are told in milliseconds', find: 'at && at / 1000', replace: 'at' },
  ]),
  ...inFile('node/publish-diagnostics.ts', ['node/publish-diagnostics'], [
    { breaks: 'it does not end', find: 'return () => published.unsubscribe();', replace: 'return () => undefined;' },
  ]),
  ...inFile('simulator/server/endpoints.ts', ['simulator/endpoints'], [
    { breaks: 'the ledger tells DELETEs of what was never open', find: 'if (context.subscriptions.delete(id)) context.book.deleted(id);', replace: 'context.book.deleted(id);' },
    { breaks: 'one statistic too few', find: 'if (statistics.length > most)', replace: 'if (statistics.length >= most)' },
    { breaks: 'an operationId may be used twice', find: 'if (context.subscriptions.has(id)) throw', replace: 'if (id === undefined) throw' },
  ]),
  ...inFile('simulator/faults.ts', ['simulator/faults'], [
    { breaks: 'a fault comes once too often', find: 'if (script.left <= 0) scripts.delete(script);', replace: 'if (script.left < 0) scripts.delete(script);' },
    { breaks: 'a fault that is undone holds who it held', find: 'for (const release of script.releases) release();', replace: '' },
  ]),
  ...inFile('simulator/server/credentials.ts', ['simulator/endpoints', 'journeys/credentials'], [
    { breaks: 'any key is let in', find: `headers['x-api-key'] !== apiKey)`, replace: `headers['x-api-key'] === undefined)` },
    { breaks: 'the old token is still let in', find: 'token = newToken;', replace: '' },
  ]),
];
