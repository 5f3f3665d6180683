/** What CloudFormation needs for a stack of any template. */
import { type ExecutionNeeds, executionNeeds } from './permissions/execution-needs.ts'
import type { StackSurroundings } from './permissions/granted-stack.ts'

/** A template in its stack, its transforms carried out. */
export interface StackOfTemplate extends StackSurroundings {
  /** Whether the stack is only deleted. */
  readonly deletes?: boolean
}

/** Gives the needs of the role that CloudFormation acts as for one stack. */
export function stackNeeds(role: string, { deletes, ...around }: StackOfTemplate): ExecutionNeeds {
  const { needs, unknownTypes } = executionNeeds(role, around)
  if (!deletes) return { needs, unknownTypes }
  return { needs: needs.filter(({ phase }) => phase === 'read' || phase === 'delete'), unknownTypes }
}
