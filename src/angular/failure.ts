/**
 * The error of a provider's factory, kept as its result. If a factory throws, Angular reports every later injection as a circular
 * dependency (NG0200), which hides the error. Knows no token.
 */
class Failure {
  constructor(readonly error: unknown) {}
}

/** Wraps a factory so that it never throws: it returns the error as a `Failure`, which {@link orThrow} throws. */
export function keepFailure<T>(factory: () => T): () => T {
  return () => {
    try {
      return factory();
    } catch (error) {
      return new Failure(error) as T;
    }
  };
}

/** Returns the result of a factory that {@link keepFailure} wrapped. @throws the error that the factory threw, the same one each time. */
export function orThrow<T>(made: T): T {
  if (made instanceof Failure) {
    throw made.error;
  }
  return made;
}
