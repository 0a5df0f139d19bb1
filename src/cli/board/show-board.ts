/** Shows a wallboard on a terminal, or its changes as lines of JSON, for the duration of a session. */
import type { CommandContext } from '../arguments/command.js';
import { follow } from '../live/live.js';
import type { Session } from '../session.js';
import { show, type Show } from '../terminal/show.js';
import { createBoard } from './board.js';
import type { BoardPlan } from './plan.js';
import { drawBoard } from './wallboard.js';

/** Resolves to the exit code: 1 if no answer ever came. */
export async function showBoard(session: Session, plan: BoardPlan, given: Show['given'], context: CommandContext): Promise<number> {
  const { board, sources } = createBoard(session.client, plan, `Genesys statistics of ${session.server.title}`);
  const change$ = follow(session.client, board, sources, session);
  const isGone = await show({ change$, draw: (canvas) => drawBoard(board, canvas), given }, context);
  return board.answeredAt === undefined && !isGone ? 1 : 0;
}
