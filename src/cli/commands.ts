/** The table of commands, from which help, usage errors and suggestions are made. A new command is a file in `commands` and a line here. */
import type { Command } from './arguments/command.js';
import { catalogue } from './commands/catalogue.js';
import { demo } from './commands/demo.js';
import { doctor } from './commands/doctor.js';
import { fleet } from './commands/fleet.js';
import { kpi } from './commands/kpi.js';
import { objects } from './commands/objects.js';
import { peek } from './commands/peek.js';
import { record } from './commands/record.js';
import { replay } from './commands/replay.js';
import { simulate } from './commands/simulate.js';
import { watch } from './commands/watch.js';

/** The order is the one in help. */
export const commands: readonly Command[] = [demo, watch, peek, kpi, doctor, record, replay, simulate, catalogue, objects, fleet];
