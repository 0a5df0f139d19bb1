/** The table of commands: help, usage errors and suggestions are made from it. A new command is a file in `commands` and a line here. */
import type { Command } from './arguments/command.js';
import { demo } from './commands/demo.js';
import { doctor } from './commands/doctor.js';
import { peek } from './commands/peek.js';
import { simulate } from './commands/simulate.js';
import { watch } from './commands/watch.js';

/** In the order in which help names them. */
export const commands: readonly Command[] = [demo, watch, peek, doctor, simulate];
