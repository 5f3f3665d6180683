/** Event patterns of EventBridge: read, and held against events. */
export { compilePattern, type EventPattern } from './compile-pattern.ts'
export { ipRange } from './ip-range.ts'
export { type Fields, fieldsOf, matchesEvent, mayMatchEvent, misfits } from './match-event.ts'
