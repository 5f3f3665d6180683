/** Finds out why a stack failed: the first resource that did, in the order of time. */
import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation'
import type { AssemblyStack } from '../../model/index.ts'
import type { StackFailure } from '../events.ts'

/** AWS: resources that were stopped because another failed say so; they are not the cause. */
const CANCELLED = /^Resource (creation|update|deletion) cancelled/i

/** `events` are those of the operation that failed, oldest first. */
export function explainFailure(
  stack: AssemblyStack,
  ended: Stack | undefined,
  events: readonly StackEvent[],
): StackFailure {
  const cause = events.find(
    (event) =>
      /_FAILED$/.test(event.ResourceStatus ?? '') &&
      event.LogicalResourceId !== stack.name &&
      !CANCELLED.test(event.ResourceStatusReason ?? ''),
  )
  const status = ended?.StackStatus
  return {
    stack: stack.name,
    target: stack.target,
    environment: stack.environment,
    status,
    logicalId: cause?.LogicalResourceId,
    resourceType: cause?.ResourceType,
    reason: cause?.ResourceStatusReason ?? ended?.StackStatusReason ?? `the stack ended as ${status}`,
  }
}
