import rxjsX from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';

/** What waits or tells the time does it through the clock (src/time/clock.ts), so that tests can drive it. */
const clockOnly = {
  'no-restricted-globals': ['error', ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({ name, message: 'Use the Clock of src/time/clock.ts.' }))],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Use the Clock of src/time/clock.ts.' },
    { object: 'performance', property: 'now', message: 'Use the Clock of src/time/clock.ts.' },
    { object: 'Math', property: 'random', message: 'Use the Clock of src/time/clock.ts.' },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'dist-docs/', '.stryker-tmp/', 'dist-wallboard/', 'node_modules/', 'eslint.config.js'] },
  ...tseslint.configs.strictTypeChecked,
  rxjsX.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and booleans in messages are what they look like.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => subject.next()` says what it does better than braces would.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }],
      // Our objects are closures: no method uses `this`, so any may be pulled off.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['src/**/*.ts'], ignores: ['src/time/clock.ts', 'src/angular/clock.ts', 'src/fleet/clock.ts', 'src/cli/**', 'src/simulator/**'], rules: clockOnly },
  {
    files: ['examples/**'],
    rules: {
      'no-console': 'off',
      // What the simulator serves is not refused, and an example shows one idea.
      'rxjs-x/no-ignored-error': 'off',
      // A stream that ends too early fails the example, as it should.
      'rxjs-x/no-ignored-default-value': 'off',
    },
  },
  {
    files: ['examples/angular-wallboard/**'],
    // A component is a class with nothing but what its decorator says.
    rules: { '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }] },
  },
  {
    files: ['examples/server/**'],
    rules: {
      // Read as plain JavaScript, which a reader pastes into a file: what is parsed or caught has no type.
      'rxjs-x/no-implicit-any-catch': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['bench/**', 'soak/**'],
    rules: {
      // An error nobody handles fails the run, as it should.
      'rxjs-x/no-ignored-error': 'off',
    },
  },
  {
    files: ['test/**'],
    rules: {
      // An error nobody handles fails the run, as it should.
      'rxjs-x/no-ignored-error': 'off',
      // Streams are made to see that nothing happens, or that they do not compile.
      'rxjs-x/no-floating-observables': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      // A test may throw anything, to see what becomes of it.
      'rxjs-x/throw-error': 'off',
      // Bodies of the wire are looked into as they are.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
