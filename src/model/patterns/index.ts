/** Patterns of users, none of which can hold the thread. */
export { globExpression, globPattern } from './glob.ts'
export { type JavaPattern, javaPattern } from './java-pattern.ts'
export { linearPattern } from './linear-pattern.ts'
export { PatternError } from './pattern-error.ts'
export { inOrder, starPattern } from './star-pattern.ts'
