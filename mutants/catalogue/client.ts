/** Bugs of the client itself and its options. */
import { inFile, type Mutant } from '../mutant.ts';

export const client: readonly Mutant[] = [
  ...inFile('arguments.ts', ['options', 'client'], [
    { breaks: 'G12: an option of a stream lies on a prototype', find: 'Object.assign(Object.create(null) as NonNullable<typeof options>, options)', replace: '(options ?? {}) as NonNullable<typeof options>', tests: ['security/polluted-process'] },
    { breaks: 'F74: an interval of 0', find: 'interval >= 1 &&', replace: 'interval >= 0 &&', tests: ['options'] },
  ]),
  ...inFile('engine.ts', ['faults/async-context'], [
    { breaks: 'F162: loops run in the context of whoever subscribes', find: 'own.runInAsyncScope(enter<V>, undefined, observer, join);', replace: 'enter(observer, join);' },
    { breaks: 'F162: loops run in the context of whoever leaves', find: 'own.runInAsyncScope(leave, undefined, observer);', replace: 'leave(observer);' },
    { breaks: 'F162: the token is asked for in the context of whoever needs it first', find: '() => own.runInAsyncScope(token)', replace: 'token' },
  ]),
  ...inFile('options.ts', ['options', 'security/loopback'], [
    { breaks: 'a trailing slash makes another path', find: String.raw`url.pathname.replace(/\/+$/, '')`, replace: 'url.pathname' },
    { breaks: 'F120: credentials travel in the clear to 127.0.0.1.host', find: String.raw`/^127\.\d+\.\d+\.\d+$/`, replace: String.raw`/^127\./` },
    { breaks: 'F120: credentials travel in the clear to evil-localhost', find: `hostname.endsWith('.localhost')`, replace: `hostname.endsWith('localhost')` },
    { breaks: 'F120: allowInsecure is always', find: `url.protocol === 'http:' && !allowInsecure && `, replace: `url.protocol === 'http:' && allowInsecure && ` },
    { breaks: 'F96: a user in baseUrl', find: `url.username !== '' || `, replace: '' },
    { breaks: 'F96: a password in baseUrl', find: `|| url.password !== ''`, replace: '' },
    { breaks: 'F97: a key in the query of a bad baseUrl is shown', find: '/[@?#]/.test(text) ?', replace: `text === '' ?`, tests: ['security/secrets', 'options'] },
    { breaks: 'maxInterval below interval', find: 'Math.max(30_000, interval)', replace: '30_000' },
    { breaks: 'staleAfter is one interval only', find: '2 * maxInterval + timeout', replace: 'maxInterval + timeout' },
    { breaks: 'F74: the lower bound is refused', find: 'value >= min && value <=', replace: 'value > min && value <=' },
    { breaks: 'F74: NaN is a number', find: `typeof value === 'number' && Number.isFinite(value) && value >= min`, replace: `typeof value === 'number' && !(value < min)` },
    { breaks: 'F74: half a statistic', find: '(whole && !Number.isInteger(value))', replace: '(whole && Number.isNaN(value))' },
    { breaks: 'F119, G12: an option on Object.prototype is one', find: 'Object.create(null) as Record<string, unknown>', replace: '{} as Record<string, unknown>', tests: ['security/polluted-process', 'options'] },
    { breaks: 'a header that is ours to set, in capitals', find: 'ownHeaders.has(name.toLowerCase())', replace: 'ownHeaders.has(name)' },
    { breaks: 'F97: a bad key is shown', find: `throw expectedSecret('apiKey', given, `, replace: `throw expected('apiKey', given, `, tests: ['security/secrets', 'options'] },
    { breaks: 'a line break in a header', find: 'if (!isHeaderValue(value)) {', replace: `if (typeof value !== 'string') {` },
    { breaks: 'an unknown option is quietly dropped', find: 'if (unknown !== undefined) {', replace: `if (unknown === '') {` },
  ]),
  ...inFile('peeks.ts', ['client', 'journeys/lifetime', 'journeys/safety', 'upstream/time'], [
    { breaks: 'closing does not end a peek', find: `pending.forEach((controller) => controller.abort(reasonToEnd('the client is closed')));`, replace: '', tests: ['client'] },
    { breaks: 'unsubscribing does not abort a peek', find: `controller.abort(reasonToEnd('nobody is subscribed any more'));`, replace: '', tests: ['client'] },
    { breaks: 'peekAll$ gives a set that lacks a member', find: 'if (missing.length > 0) {', replace: 'if (missing.length > members.length) {' },
  ]),
];
