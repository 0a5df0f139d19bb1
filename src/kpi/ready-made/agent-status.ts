/**
 * The status of an agent, read from the value of `CurrentAgentState`. No public source shows its shape, so this looks at every place
 * where a status may be. The value is untrusted: only own properties are read, to a limited depth.
 */

/** The kind of a status, in the words of a supervisor. */
export type AgentGroup = 'ready' | 'notReady' | 'wrap' | 'talking' | 'ringing' | 'hold' | 'out' | 'unknown';

/** The status of an agent, and since when. */
export interface AgentStatus {
  /** Stat Server's name, such as `'WaitForNextCall'`; the digits of an unknown number; `null` if there is no status. */
  readonly status: string | null;
  readonly group: AgentGroup;
  /** Epoch milliseconds; `null` if the value holds no time. */
  readonly since: number | null;
}

/** Stat Server's statuses by number: 4 to 23 as public code agrees on them, 0 to 3 inferred from the table of priorities. */
const statuses: ReadonlyMap<number, readonly [string, AgentGroup]> = /* @__PURE__ */ new Map([
  [0, ['NotMonitored', 'unknown']],
  [1, ['Monitored', 'unknown']],
  [2, ['LoggedIn', 'unknown']],
  [3, ['OnHook', 'unknown']],
  [4, ['WaitForNextCall', 'ready']],
  [5, ['OffHook', 'unknown']],
  [6, ['CallDialing', 'ringing']],
  [7, ['CallRinging', 'ringing']],
  [8, ['NotReadyForNextCall', 'notReady']],
  [9, ['AfterCallWork', 'wrap']],
  [13, ['CallOnHold', 'hold']],
  [16, ['ASM_Engaged', 'unknown']],
  [17, ['ASM_Outbound', 'unknown']],
  [18, ['CallUnknown', 'talking']],
  [19, ['CallConsult', 'talking']],
  [20, ['CallInternal', 'talking']],
  [21, ['CallOutbound', 'talking']],
  [22, ['CallInbound', 'talking']],
  [23, ['LoggedOut', 'out']],
] as const);

/** The keys that may hold a status, the most reliable first. Compared without case, spaces and underscores. */
const statusKeys = ['status', 'agentstatus', 'statusname', 'state', 'statevalue', 'stringvalue', 'intvalue', 'value'];
const timeKeys = ['time', 'since', 'statustime'];
const deepest = 4;

/**
 * The status of an agent, from a `StatisticValue` of `CurrentAgentState` or from its `value`.
 *
 * The status may be a number or a name, at the top level or within `status`, `agentStatus`, `stateValue` and the like, in any case.
 * `since` is read from a time beside it, in seconds, milliseconds or ISO form. A part that cannot be read is `null`, and the group
 * `'unknown'`. Never throws.
 *
 * @example
 * statistic$('CurrentAgentState', kim).pipe(map(agentStatus)).subscribe(({ status, group, since }) => { ... });
 * // { status: 'AfterCallWork', group: 'wrap', since: 1795453483000 }
 */
export function agentStatus(value: unknown): AgentStatus {
  const { status, time } = find(value, 0);
  return Object.freeze({ ...(status ?? { status: null, group: 'unknown' as const }), since: time });
}

interface Found {
  readonly status?: Pick<AgentStatus, 'status' | 'group'>;
  readonly time: number | null;
}

function find(value: unknown, depth: number): Found {
  const status = statusOf(value);
  if (status !== undefined) {
    return { status, time: null };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= deepest) {
    return { time: null };
  }
  const members = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    members.set(key.toLowerCase().replace(/[\s_]/g, ''), member);
  }
  for (const key of statusKeys) {
    const found = find(members.get(key), depth + 1);
    if (found.status !== undefined) {
      const own = timeKeys.map((name) => epochOf(members.get(name))).find((time) => time !== null);
      return { status: found.status, time: found.time ?? own ?? null };
    }
  }
  return { time: null };
}

function statusOf(value: unknown): Pick<AgentStatus, 'status' | 'group'> | undefined {
  const text = typeof value === 'string' ? value.trim().slice(0, 100) : '';
  const number = /^\d{1,3}$/.test(text) ? Number(text) : value;
  if (typeof number === 'number') {
    const [status, group] = statuses.get(number) ?? [String(number), 'unknown' as const];
    return Number.isFinite(number) ? { status, group } : undefined;
  }
  if (text === '') {
    return undefined;
  }
  const plain = text.toLowerCase().replace(/[\s_]/g, '');
  const known = [...statuses.values()].find(([name]) => name.toLowerCase().replace('_', '') === plain);
  return { status: known?.[0] ?? text, group: known?.[1] ?? groupOf(plain) };
}

/** Maps a name to its group, including names that other Genesys layers use. */
function groupOf(name: string): AgentGroup {
  switch (name) {
    case 'ready':
      return 'ready';
    case 'notready':
      return 'notReady';
    case 'acw':
    case 'wrapup':
      return 'wrap';
    default:
      return 'unknown';
  }
}

/** Reads a time: Stat Server's own messages have seconds, others milliseconds or text. */
function epochOf(value: unknown): number | null {
  const time = typeof value === 'string' ? (/^\d{1,16}$/.test(value) ? Number(value) : Date.parse(value)) : value;
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    return null;
  }
  return Math.abs(time) < 1e11 ? time * 1000 : time;
}
