/** The numbers of the members that the deployment knows. */
import { numberOf } from '../../index.js';
import type { KnownMembers } from './known-members.js';

/** A number for each member that the deployment knows. */
export type MemberNumbers<K extends string> = { readonly [Key in K]?: number | null };

export function memberNumbers<K extends string>(members: KnownMembers<K>): MemberNumbers<K> {
  const numbers = Object.entries(members as Record<string, { value: unknown }>).map(([key, { value }]) => [key, numberOf(value)]);
  return Object.fromEntries(numbers) as MemberNumbers<K>;
}

/** Whether the deployment knows all of these members, so that a figure can be computed from them. */
export function hasAll<K extends string, N extends K>(numbers: MemberNumbers<K>, ...names: readonly N[]): numbers is MemberNumbers<K> & { readonly [Key in N]: number | null } {
  return names.every((name) => numbers[name] !== undefined);
}
