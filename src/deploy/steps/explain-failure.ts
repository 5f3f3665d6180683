/** Finds out why a stack failed: the first resource that did, in the order of time. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import type { AssemblyStack } from '../../model/index.ts'
import type { StackFailure } from '../events.ts'
import { eventsSince } from './wait-for-stack.ts'

/** AWS: resources that were stopped because another failed say so; they are not the cause. */
const CANCELLED = /^Resource (creation|update|deletion) cancelled/i

export async function explainFailure(
  client: CloudFormationClient,
  stack: AssemblyStack,
  details: { stackId: string; since: Date; status?: string; statusReason?: string },
): Promise<StackFailure> {
  const events = await eventsSince(client, details.stackId, details.since)
  const cause = events.find(
    (event) =>
      /_FAILED$/.test(event.ResourceStatus ?? '') &&
      event.LogicalResourceId !== stack.name &&
      !CANCELLED.test(event.ResourceStatusReason ?? ''),
  )
  return {
    stack: stack.name,
    target: stack.target,
    environment: stack.environment,
    status: details.status,
    logicalId: cause?.LogicalResourceId,
    resourceType: cause?.ResourceType,
    reason: cause?.ResourceStatusReason ?? details.statusReason ?? `the stack ended as ${details.status}`,
  }
}
