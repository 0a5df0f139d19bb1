/**
 * The failure of a provider's factory, kept. Angular calls a factory once: after one that threw, it reports every later injection as
 * a circular dependency (NG0200), which hides the reason. Knows no token.
 */
class Failure {
  constructor(readonly error: unknown) {}
}

/** A factory that never throws: if the given one does, the error is what the token stands for. */
export function keepFailure<T>(factory: () => T): () => T {
  return () => {
    try {
      return factory();
    } catch (error) {
      return new Failure(error) as T;
    }
  };
}

/** Turns what such a factory made into its result. @throws the error that the factory threw, the same one each time. */
export function orThrow<T>(made: T): T {
  if (made instanceof Failure) {
    throw made.error;
  }
  return made;
}
