/** The form of a value on the wire, as JSON text. Owns the only known shape of a number. Does not know the source of a value. */

/**
 * The JSON of a value that was generated at `at` (epoch ms). A number takes the only shape that public sources show, with decimals in
 * `stringValue` and the whole part in `intValue`. Anything else is written as it is.
 */
export function valueText(value: unknown, at: number): string {
  if (typeof value !== 'number') {
    const text: unknown = JSON.stringify(value);
    return typeof text === 'string' ? text : 'null';
  }
  const whole = Number.isFinite(value) ? Math.trunc(value) + 0 : 0;
  return `{"intervalLength":0,"tag":-1,"stringValue":"${value}","timestamp":${at},"intValue":${whole}}`;
}
