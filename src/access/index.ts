/** The proof: what pipelines need, held against the policies as they stand in templates or live accounts. */
export type * from './landscape/landscape.ts'
export { parseTemplate } from './landscape/parse-template.ts'
export type { Origin, PlacedTemplate } from './landscape/placed-template.ts'
export { readLandscape } from './landscape/read-landscape.ts'
export type { FurtherNeeds } from './prove/gather-edges.ts'
export { type FailureGroup, groupFailures } from './prove/group-failures.ts'
export { type Edge, type Failure, isFailed, type Proof, type Remedy, type Use } from './prove/proof.ts'
export { type ProveOptions, prove } from './prove/prove.ts'
