/** What CloudFormation's own resource types can reach besides calling services. */
import type { ResourceContext } from '../../../kernel/resource-type.ts'
import type { StackRun } from '../engine/stack-run.ts'

export interface OwnResourceContext extends ResourceContext {
  readonly run: StackRun
}

/** Gives the run that a resource of CloudFormation's own types is made in. */
export const runOf = (rc: ResourceContext): StackRun => (rc as OwnResourceContext).run
