import { describe, expect, it } from 'vitest';
import { readCommand, UsageError } from '../../src/cli/arguments.js';

describe('the command line', () => {
  it('demo has its defaults', () => {
    expect(readCommand(['demo'])).toEqual({ name: 'demo', demo: { json: false, duration: undefined, interval: 1000, seed: 1, baseUrl: undefined } });
  });

  it('takes every option of demo', () => {
    expect(readCommand(['demo', '--json', '--duration', '5000', '--interval', '250', '--seed', '7', '--base-url', 'https://host/statistics/v3'])).toEqual({
      name: 'demo',
      demo: { json: true, duration: 5000, interval: 250, seed: 7, baseUrl: 'https://host/statistics/v3' },
    });
  });

  it.each([[['--help'], 'help'], [['demo', '-h'], 'help'], [['-v'], 'version']])('%j is %s', (argv, name) => {
    expect(readCommand(argv)).toEqual({ name });
  });

  it.each([
    [[], 'which command?'],
    [['wach'], 'unknown: wach'],
    [['demo', 'more'], 'unknown: demo more'],
    [['demo', '--duration', '0'], '--duration must be a whole number from 1 to 2147483647, got "0"'],
    [['demo', '--duration', '5s'], '--duration must be'],
    [['demo', '--interval', '99999999999'], '--interval must be'],
    [['demo', '--api-key', 'x'], '--api-key'],
  ])('%j is a usage error', (argv, message) => {
    expect(() => readCommand(argv)).toThrow(UsageError);
    expect(() => readCommand(argv)).toThrow(message);
  });
});
