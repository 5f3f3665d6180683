/** What was changed in accounts past CloudFormation: it is asked to look, stack by stack, over all accounts at once. */
import {
  CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../aws/index.ts'
import type { Target } from '../model/index.ts'
import { CONCURRENCY, Slots } from './slots.ts'
import { type Pace, resting } from './steps/pace.ts'

export interface DriftedResource {
  readonly id: string
  readonly type: string
  readonly physicalId?: string
  /** `DELETED` or `MODIFIED`. */
  readonly status: string
  readonly differences: readonly {
    /** `/Policies/0/PolicyName` */
    readonly path: string
    readonly expected?: string
    readonly actual?: string
  }[]
}

export interface StackDrift {
  readonly stack: string
  readonly target: Target
  /** `unknown`: nobody could look; `partly`: what was found is told, and some could not be looked at. */
  readonly status: 'in sync' | 'drifted' | 'partly' | 'unknown'
  readonly resources: readonly DriftedResource[]
  /** Why not all of it is known, in words. */
  readonly why?: string
}

export interface DriftContext {
  readonly accounts: OpenAccounts
  readonly pace: Pace
}

/** Gives what differs in each stack, in their order. AWS: what differs from a default that no template sets is not seen. */
export function findDrift(
  stacks: readonly { readonly name: string; readonly target: Target }[],
  context: DriftContext,
): Promise<StackDrift[]> {
  const slots = new Slots(CONCURRENCY)
  return Promise.all(
    stacks.map(({ name: stack, target }) =>
      slots.run(target, () =>
        driftOf(stack, target, context).catch(
          (error: Error): StackDrift => ({
            ...{ stack, target, status: 'unknown', resources: [], why: error.message },
          }),
        ),
      ),
    ),
  )
}

async function driftOf(stack: string, target: Target, { accounts, pace }: DriftContext): Promise<StackDrift> {
  await accounts.verify(target)
  const client = await accounts.client(CloudFormationClient, target)
  const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName: stack }))
  const { failed, why } = await detected(client, StackDriftDetectionId, pace)
  const resources = (await driftedIn(client, stack)).map(resourceOf)
  const status = failed ? 'partly' : resources.length ? 'drifted' : 'in sync'
  return { stack, target, status, resources, ...(failed && { why }) }
}

async function detected(
  client: CloudFormationClient,
  StackDriftDetectionId: string | undefined,
  pace: Pace,
): Promise<{ readonly failed: boolean; readonly why?: string }> {
  const rest = resting(pace)
  for (;;) {
    const { DetectionStatus, DetectionStatusReason } = await client.send(
      new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
    )
    if (DetectionStatus === 'DETECTION_COMPLETE') return { failed: false }
    if (DetectionStatus === 'DETECTION_FAILED')
      return { failed: true, why: DetectionStatusReason ?? 'CloudFormation does not say why' }
    await rest()
  }
}

async function driftedIn(client: CloudFormationClient, StackName: string): Promise<StackResourceDrift[]> {
  const found: StackResourceDrift[] = []
  let NextToken: string | undefined
  do {
    const page = await client.send(
      new DescribeStackResourceDriftsCommand({
        StackName,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
        NextToken,
      }),
    )
    found.push(...(page.StackResourceDrifts ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}

const resourceOf = (one: StackResourceDrift): DriftedResource => ({
  id: one.LogicalResourceId ?? '',
  type: one.ResourceType ?? '',
  ...(one.PhysicalResourceId !== undefined && { physicalId: one.PhysicalResourceId }),
  status: one.StackResourceDriftStatus ?? '',
  differences: (one.PropertyDifferences ?? []).map(({ PropertyPath, ExpectedValue, ActualValue }) => ({
    path: PropertyPath ?? '',
    ...(ExpectedValue !== 'null' && { expected: ExpectedValue }),
    ...(ActualValue !== 'null' && { actual: ActualValue }),
  })),
})
