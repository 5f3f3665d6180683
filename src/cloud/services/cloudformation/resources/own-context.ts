/** What CloudFormation's own resource types can reach besides calling services. */
import type { Context } from '../../../kernel/context.ts'
import type { ResourceContext } from '../../../kernel/resource-type.ts'
import type { Table } from '../../../kernel/store.ts'
import type { Stack, StackResource } from '../state.ts'

/** The run of the stack that the resource belongs to. */
export interface OwnRun {
  readonly ctx: Context
  readonly stack: Stack
  readonly resources: Table<StackResource>
  /** A context in which CloudFormation itself asks other services as the stack would. */
  callingContext(): Promise<Context>
  /** Calls a service with the stack's role, or as the stack's caller; each time anew, also after a kill. */
  readonly call: ResourceContext['call']
}

export interface OwnResourceContext extends ResourceContext {
  readonly run: OwnRun
}

/** Gives the run that a resource of CloudFormation's own types is made in. */
export const runOf = (rc: ResourceContext): OwnRun => (rc as OwnResourceContext).run
