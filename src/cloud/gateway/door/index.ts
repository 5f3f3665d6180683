/** The one door in front of every door: who is let in, and what the others are told. */
export { type Admission, admit } from './admit.ts'
export { refusedAtApplication } from './application.ts'
export { answerCrossOrigin } from './cross-origin.ts'
export { knockOf } from './knock.ts'
export { ownHost } from './own-host.ts'
export { refuse } from './refuse.ts'
export { readOrigin } from './web-origin.ts'
export { withoutOrigin } from './without-origin.ts'
