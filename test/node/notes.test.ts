/** The file that notes are kept in: what is read from it is what was noted, however it came to its end. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNotes, readNotes, type Notes } from '../../src/node/notes.js';
import { filesIn, makeDirectory } from '../support/directory.js';

function start(directory = makeDirectory()): { readonly directory: string; readonly notes: Notes } {
  let files = 0;
  return { directory, notes: createNotes(() => join(directory, `file-${files++}`)) };
}

/** What a next start would find. */
const found = (directory: string): Set<string> => new Set(filesIn(directory).flatMap((file) => readNotes(readFileSync(file, 'utf8'))));

describe('F82: notes', () => {
  it('are appended, a line for each, and there is no file while there is none', () => {
    const { directory, notes } = start();
    expect(filesIn(directory)).toEqual([]);
    notes.add(['a']);
    notes.add(['b', 'c']);
    notes.remove('a');
    expect(filesIn(directory).map((file) => readFileSync(file, 'utf8'))).toEqual(['+a\n+b\n+c\n-a\n']);
    notes.remove('b');
    notes.remove('c');
    expect(filesIn(directory)).toEqual([]);
    notes.remove('d');
    notes.add([]);
    expect(filesIn(directory)).toEqual([]);
  });

  it('of months take no more room than those of an hour', () => {
    const { directory, notes } = start();
    notes.add(['stays']);
    for (let times = 0; times < 2000; times++) {
      notes.add([`comes ${times}`]);
      notes.remove(`comes ${times}`);
      expect(filesIn(directory)).toHaveLength(1);
    }
    const [file = ''] = filesIn(directory);
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(110);
    expect(found(directory)).toEqual(new Set(['stays']));
  });

  it('are found as they are, after any calls in any order', () => {
    const call = fc.record({ erases: fc.boolean(), entry: fc.constantFrom('a', 'b', 'c', '?a', '+', '-', 'ü\u2028') });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 300 }), (calls) => {
        const { directory, notes } = start();
        const noted = new Set<string>();
        for (const { erases, entry } of calls) {
          if (erases) {
            notes.remove(entry);
            noted.delete(entry);
          } else {
            notes.add([entry]);
            noted.add(entry);
          }
        }
        expect(found(directory)).toEqual(noted);
      }),
      { numRuns: 50 },
    );
  });

  it('that could not be written are written with the next that can, behind no half line', () => {
    const { directory, notes } = start();
    notes.add(['a']);
    const [file = ''] = filesIn(directory);
    rmSync(file);
    mkdirSync(file);
    expect(() => notes.add(['b'])).toThrow('EISDIR');
    rmSync(directory, { recursive: true });
    expect(() => notes.add(['c'])).toThrow('ENOENT');
    mkdirSync(directory);
    notes.add(['d']);
    notes.remove('a');
    expect(found(directory)).toEqual(new Set(['b', 'c', 'd']));
    expect(filesIn(directory)).toHaveLength(1);
  });
});

describe('F82: a disk that is full', () => {
  it.runIf(existsSync('/dev/full'))('is not given another file for each attempt', () => {
    const directory = makeDirectory();
    let files = 0;
    const notes = createNotes(() => {
      const path = join(directory, `file-${files++}`);
      symlinkSync('/dev/full', path);
      return path;
    });
    for (const entry of ['a', 'b', 'c']) {
      expect(() => notes.add([entry])).toThrow('ENOSPC');
    }
    expect(files).toBe(3);
    expect(filesIn(directory)).toEqual([]);
  });
});

describe('F82: a file of notes', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['half a line', '+a\n+b', ['a']],
    ['half of an erasing', '+a\n+b\n-a', ['a', 'b']],
    ['an entry that comes again', '+a\n-a\n+a\n', ['a']],
    ['erasings of what was never noted', '-a\n+b\n-c\n', ['b']],
    ['lines that are none of ours', 'a\n\n+\n-\n *a\n+b\n', ['b']],
    ['a line that is too long', `+${'x'.repeat(514)}\n+${'y'.repeat(513)}\n`, ['y'.repeat(513)]],
    ['names that mean something elsewhere', '+__proto__\n+constructor\n-toString\n', ['__proto__', 'constructor']],
  ])('of %s is read', (_, text, entries) => {
    expect(readNotes(text)).toEqual(entries);
  });

  it('F102: of any text is read in linear time', () => {
    const text = '+\n-+\n++'.repeat(1 << 17);
    const before = process.cpuUsage();
    readNotes(text);
    // Work of this process, in microseconds, however busy the machine is: a quadratic reader of a megabyte needs minutes.
    expect(process.cpuUsage(before).user).toBeLessThan(4_000_000);
  });

  it('may be appended to by hand', () => {
    const directory = makeDirectory();
    const file = join(directory, 'file');
    writeFileSync(file, '+a\n');
    appendFileSync(file, '-a\n+b\n');
    expect(found(directory)).toEqual(new Set(['b']));
  });
});
