/** A fleet file before anything in it is looked up. */
import type { BranchedDocument, BranchPattern } from './branches.ts'
import type { FleetFileOutput } from './schema.ts'

export interface FleetFileRead extends Omit<BranchedDocument, 'patterns'> {
  readonly data: FleetFileOutput
  readonly branchPatterns: readonly BranchPattern[]
}
