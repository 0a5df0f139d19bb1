import { describe, expect, it } from 'vitest';
import { readText, readTime, wholeNumber } from '../../../src/cli/arguments/option.js';
import { parseArguments } from '../../../src/cli/arguments/parse.js';
import { UsageError } from '../../../src/cli/arguments/usage-error.js';
import { readNamesAndObjects, readTargets } from '../../../src/cli/targets.js';

const command = {
  name: 'watch',
  operands: 'NAME',
  options: {
    json: { what: 'lines' },
    duration: { placeholder: 'TIME', what: 'until then', read: readTime },
    interval: { placeholder: 'TIME', what: 'between polls', read: readTime },
    seed: { placeholder: 'N', what: 'seed', read: wholeNumber(0, 10) },
    input: { placeholder: 'KEY=NAME', what: 'input', read: readText, repeats: true },
  },
} as const;
const parse = (...argv: string[]) => parseArguments(command, argv);

describe('the arguments of a command', () => {
  it('what is not given is undefined, false or empty', () => {
    expect(parse()).toEqual({ given: { json: false, duration: undefined, interval: undefined, seed: undefined, input: [] }, operands: [] });
  });

  it('options and operands may be mixed', () => {
    expect(parse('a', '--json', 'b', '--duration=2m', '--seed', '7', '--input', 'x=1', '--input', 'y=2', '--', '--c')).toEqual({
      given: { json: true, duration: 120_000, interval: undefined, seed: 7, input: ['x=1', 'y=2'] },
      operands: ['a', 'b', '--c'],
    });
  });

  it.each([
    ['5s', 5000], ['2m', 120_000], ['1h', 3_600_000], ['250ms', 250], ['250', 250], ['1.5s', 1500],
  ])('%s is %i ms', (text, time) => {
    expect(parse('--duration', text).given.duration).toBe(time);
  });

  it.each([
    [['--duration', '0'], '--duration must be a time, such as 5s, 2m, 1h or 500 (milliseconds), got "0"'],
    [['--duration', '5 s'], '--duration must be a time'],
    [['--duration', '99h99'], '--duration must be a time'],
    [['--duration', '999h'], '--duration must be a time'],
    [['--duration'], '--duration needs a value: --duration TIME'],
    [['--duration', '--json'], '--duration needs a value: --duration TIME'],
    [['--seed', '11'], '--seed must be a whole number from 0 to 10, got "11"'],
    [['--seed', '-1'], '--seed needs a value'],
    [['--input='], '--input must be a text that is not empty, got ""'],
    [['--json=yes'], '--json takes no value'],
    [['--intervall', '5s'], 'watch has no --intervall; did you mean --interval?'],
    [['--dur=5s'], 'watch has no --dur; did you mean --duration?'],
    [['--JSON'], 'watch has no --JSON; did you mean --json?'],
    [['-x'], 'watch has no -x'],
    [['--frobnicate'], 'watch has no --frobnicate'],
    [['--__proto__=x'], 'watch has no --__proto__'],
    [['--constructor'], 'watch has no --constructor'],
  ])('%j is a usage error', (argv, message) => {
    expect(() => parse(...argv)).toThrow(UsageError);
    expect(() => parse(...argv)).toThrow(message);
  });

  it.each(['--token', '--api-key', '--key', '--access-token'])('%s is refused with what to use instead, and its value is not shown', (option) => {
    expect(() => parse(option, 'top-secret')).toThrow(/^a secret is never an argument, .*: use GENESYS_\w+ or --\w+-file FILE instead of --/);
    expect(() => parse(`${option}=top-secret`)).toThrow(expect.not.stringContaining('top-secret') as Error);
  });

  it('a command without operands refuses any', () => {
    expect(() => parseArguments({ name: 'demo', options: {} }, ['more'])).toThrow('demo takes options only, got "more"');
  });
});

describe('statistics on the command line', () => {
  it('are every name of every object; the first slash splits', () => {
    expect(readTargets(['A,B', 'Queue/Sales/EU@SIP', 'Agent/kim'])).toEqual([
      { name: 'A', objectType: 'Queue', objectId: 'Sales/EU@SIP' },
      { name: 'B', objectType: 'Queue', objectId: 'Sales/EU@SIP' },
      { name: 'A', objectType: 'Agent', objectId: 'kim' },
      { name: 'B', objectType: 'Agent', objectId: 'kim' },
    ]);
  });

  it('are asked for once, however often they are named', () => {
    expect(readTargets(['A,A', 'Agent/kim', 'Agent/kim'])).toHaveLength(1);
  });

  it.each([
    [[], 'which statistics? Give NAME[,NAME...] TYPE/ID..., such as Current_In_Queue Queue/Sales@SIP'],
    [['A'], 'A of which object? Give NAME[,NAME...] TYPE/ID...'],
    [['A,,B', 'Agent/kim'], '"A,,B" has an empty name between its commas'],
    [['A', 'Sales@SIP'], '"Sales@SIP" must be TYPE/ID, such as Queue/Sales@SIP or Agent/kim'],
    [['A', '/kim'], '"/kim" must be TYPE/ID'],
    [['A', 'Agent/'], '"Agent/" must be TYPE/ID'],
    [['A', 'queue/Sales@SIP'], 'no object type is called "queue"; did you mean Queue?'],
  ])('%j is a usage error', (operands, message) => {
    expect(() => readTargets(operands)).toThrow(message);
  });

  it('an object type that is not known is passed on', () => {
    expect(readNamesAndObjects(['A', 'StagingArea/x'], 'NAME').objects).toEqual([{ objectType: 'StagingArea', objectId: 'x' }]);
  });
});
