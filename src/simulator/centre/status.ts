/**
 * The statuses of an agent, by Stat Server's numbers and names. Owns the table only. Several public code bases agree on the numbers 4
 * to 23; 0 to 3 never occur here.
 */

/** Status numbers by Stat Server's status name. */
export const STATUS = {
  NotMonitored: 0,
  Monitored: 1,
  LoggedIn: 2,
  OnHook: 3,
  WaitForNextCall: 4,
  OffHook: 5,
  CallDialing: 6,
  CallRinging: 7,
  NotReadyForNextCall: 8,
  AfterCallWork: 9,
  CallOnHold: 13,
  ASM_Engaged: 16,
  ASM_Outbound: 17,
  CallUnknown: 18,
  CallConsult: 19,
  CallInternal: 20,
  CallOutbound: 21,
  CallInbound: 22,
  LoggedOut: 23,
} as const;

/** The name of an agent's status, as masks of definitions write it. */
export type StatusName = keyof typeof STATUS;

/** The number of an agent's status. */
export type Status = (typeof STATUS)[StatusName];

/** One more than the highest status number: the length of a table by status. */
export const STATUS_COUNT = 24;

const NAMES = new Map<number, StatusName>(
  (Object.entries(STATUS) as [StatusName, Status][]).map(([name, status]) => [status, name]),
);

/** The statuses that a test can set. Inbound calls come from queues, so their status cannot be set. */
export const TOLD = {
  Ready: STATUS.WaitForNextCall,
  WaitForNextCall: STATUS.WaitForNextCall,
  NotReady: STATUS.NotReadyForNextCall,
  NotReadyForNextCall: STATUS.NotReadyForNextCall,
  AfterCallWork: STATUS.AfterCallWork,
  CallOutbound: STATUS.CallOutbound,
  CallInternal: STATUS.CallInternal,
  LoggedOut: STATUS.LoggedOut,
} as const;

/** One of the numbers of {@link TOLD}. */
export type Told = (typeof TOLD)[keyof typeof TOLD];

/** The name of a status number. */
export function statusName(status: Status): StatusName {
  return NAMES.get(status) as StatusName;
}
