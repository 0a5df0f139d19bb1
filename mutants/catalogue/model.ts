/** Bugs of `src/model`: what is the same, what is older, what is a number, and what may be changed from outside. */
import { inFile, type Mutant } from '../mutant.ts';

export const model: readonly Mutant[] = [
  ...inFile('model/definition.ts', ['options', 'faults/life', 'journeys/sharing', 'security/pollution'], [
    { breaks: 'G2: the order of fields makes another definition', find: 'Object.keys(value).sort().map(', replace: 'Object.keys(value).map(' },
    { breaks: 'F90, G12: what is changed after the call changes the definition', find: 'copy = freezeDeep(JSON.parse(JSON.stringify(value)));', replace: 'copy = value;' },
    { breaks: 'F90, G12: an inline definition can be changed by whoever is handed it', find: 'copy = freezeDeep(JSON.parse(JSON.stringify(value)));', replace: 'copy = JSON.parse(JSON.stringify(value));' },
    { breaks: 'G2: objects of two types are one', find: 'return JSON.stringify([what, objectId, objectType]);', replace: 'return JSON.stringify([what, objectId]);', tests: ['faults/values'] },
    { breaks: 'G2: names and objects run into each other', find: 'return JSON.stringify([what, objectId, objectType]);', replace: `return [JSON.stringify(what), objectId, objectType].join(' ');`, tests: ['faults/values'] },
    { breaks: 'F64: a lone surrogate, which no URL can hold, is sent', find: '|| !value.isWellFormed()', replace: '', tests: ['faults/object-ids'] },
    { breaks: 'a name beside a definition is quietly dropped', find: 'if (name !== undefined && definition !== undefined) {', replace: 'if (name === undefined && definition === undefined) {' },
    { breaks: 'F64: a name of blanks is one', find: `|| value.trim() === ''`, replace: '', tests: ['options', 'faults/object-ids'] },
  ]),
  ...inFile('model/equal.ts', ['faults/values', 'journeys/values'], [
    { breaks: 'G5: a value that gained a field is no news', find: 'return keys === 0;', replace: 'return keys <= 0;' },
    { breaks: 'F63: __proto__ is found in every object', find: 'Object.hasOwn(other, key) && equal(left, right)', replace: 'equal(left, right)' },
    { breaks: 'F67: a list is the same as a record of the same', find: '|| Array.isArray(a) !== Array.isArray(b)', replace: '' },
    { breaks: 'F66, G5: an equal value in a new object is news', find: '&& equal(left, right))', replace: '&& left === right)' },
  ]),
  ...inFile('model/errors.ts', ['security/terminal'], [
    { breaks: 'F100: what hides in a line, or turns it, gets into a message', find: String.raw`[\p{Cf}\p{Zl}\p{Zp}]`, replace: String.raw`[\p{Zl}\p{Zp}]` },
    { breaks: 'F100: control characters get into a message', find: String.raw`[^\P{Cc}\n\t]|`, replace: '' },
    { breaks: 'F100: a page of HTML is a message', find: 'clean.length > length ?', replace: 'clean.length < 0 ?', tests: ['security/limits', 'security/terminal'] },
    { breaks: 'F97: a bad option is shown though it is a secret', find: '`a ${typeof value}`} (not shown)`', replace: 'String(value)}`', tests: ['security/secrets', 'options'] },
    { breaks: 'G12: what an error says is refused can be changed', find: 'Object.freeze([...definitions])', replace: '[...definitions]', tests: ['faults/life'] },
  ]),
  ...inFile('model/freeze.ts', ['journeys/values', 'faults/life', 'upstream/unusable'], [
    { breaks: 'G12: only the top of a value is frozen', find: 'if (isObject(root) && isFlat(root)) {', replace: 'if (isObject(root)) {' },
    { breaks: 'F18, G12: nothing below the first level is looked at', find: '(below ??= []).push(child);', replace: '' },
    { breaks: 'F18: one level too few', find: 'if (depth > maxDepth) {', replace: 'if (depth >= maxDepth) {', tests: ['upstream/unusable'] },
    { breaks: 'F18: a value may nest without end', find: 'if (depth > maxDepth) {', replace: 'if (depth < 0) {' },
  ]),
  ...inFile('model/numeric.ts', ['faults/numbers'], [
    { breaks: 'F57: -0', find: 'number + 0', replace: 'number' },
    { breaks: 'F58: a number without end', find: 'Number.isFinite(number) ?', replace: '!Number.isNaN(number) ?' },
  ]),
  ...inFile('model/reading.ts', ['journeys/values', 'sharing/cell', 'upstream/fallback/fallback'], [
    { breaks: 'G5, I12: older values are taken, newer ones dropped', find: 'first < second', replace: 'first > second' },
    { breaks: 'F59: a reading that does not say when it is from is older', find: 'first !== null && second !== null && first < second', replace: '(first ?? 0) < (second ?? 0)', tests: ['faults/values', 'journeys/values'] },
    { breaks: 'G12: a value can be changed by whoever is told it', find: 'freezeDeep(raw ?? null)', replace: 'raw ?? null' },
    { breaks: 'F56: no value is undefined instead of null', find: 'freezeDeep(raw ?? null)', replace: 'freezeDeep(raw)', tests: ['faults/values'] },
    { breaks: 'F50: a numeric statisticId is lost', find: `typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER ? String(id) : id`, replace: 'id', tests: ['faults/values'] },
  ]),
  ...inFile('model/snapshot.ts', ['journeys/safety', 'faults/life'], [
    { breaks: 'G12: a snapshot in form of a list can be changed', find: 'Object.freeze([...values])', replace: '[...values]' },
    { breaks: 'G12: a snapshot in form of a record can be changed', find: 'Object.freeze(Object.fromEntries(entries.map(([key], index) => [key, values[index]])))', replace: 'Object.fromEntries(entries.map(([key], index) => [key, values[index]]))' },
    { breaks: 'F63: __proto__ as a key of a set reaches a prototype', find: 'Object.freeze(Object.fromEntries(entries.map(([key], index) => [key, values[index]])))', replace: 'entries.reduce<Record<string, unknown>>((all, [key], index) => ({ ...(all[key] = values[index], all) }), {})' },
  ]),
  ...inFile('model/timestamp.ts', ['faults/numbers', 'faults/values'], [
    { breaks: 'F59: seconds are taken for milliseconds', find: 'number < 1e11 ? number * 1000 : number', replace: 'number' },
    { breaks: 'F59: a time left out is 1970', find: 'number > 0 && number < latest', replace: 'number >= 0 && number < latest' },
    { breaks: 'F59: microseconds pass for a time', find: 'number > 0 && number < latest', replace: 'number > 0' },
  ]),
];
