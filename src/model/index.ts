/** The nouns of Crossdock; this part imports nothing. */
export * from './arn.ts'
export * from './assembly.ts'
export * from './environment.ts'
export * from './error.ts'
export * from './need.ts'
export * from './pipeline.ts'
export * from './policy-document.ts'
export * from './template.ts'
