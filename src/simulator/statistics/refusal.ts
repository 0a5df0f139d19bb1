/** Why a statistic cannot be opened or read: what the requester wrote is wrong. Owns the message alone. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
