/** DetectStackDrift, DescribeStackDriftDetectionStatus and DescribeStackResourceDrifts. */
import type { StackResourceDriftStatus } from '@aws-sdk/client-cloudformation'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { findDrift } from '../engine/find-drift.ts'
import { generalAccess } from '../engine/general-access.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import { driftDetections, drifts, type ResourceDrift, type Stack } from '../state.ts'

const PAGE = 100

/** AWS: "Detect unmanaged configuration changes", the statuses in which a stack can be looked at. */
const CHECKABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED']

const DRIFTED: readonly ResourceDrift['status'][] = ['DELETED', 'MODIFIED']

/** The embedded cloud looks at once. AWS takes minutes; either way the status is asked for. */
export const DetectStackDrift = operation({
  service: 'cloudformation',
  name: 'DetectStackDrift',
  access: ({ StackName }, ctx) => [
    stackKind.on(ctx, 'DetectStackDrift', StackName),
    stackKind.on(ctx, 'DetectStackResourceDrift', StackName),
    generalAccess('BatchDescribeTypeConfigurations'),
  ],
  run: async ({ StackName, LogicalResourceIds = [] }, ctx) => {
    const stack: Stack = stackKind.find(ctx, StackName)
    if (!CHECKABLE.includes(stack.status))
      throw validationError(
        `Drift of the stack ${stack.name} cannot be detected in the status ${stack.status}`,
      )
    const { resources, failure } = await findDrift(ctx, stack)
    const wanted = resources.filter(
      ({ logicalId }) => !LogicalResourceIds.length || LogicalResourceIds.includes(logicalId),
    )
    const drifted = wanted.filter(({ status }) => DRIFTED.includes(status)).length
    const id = ctx.cloud.ids.uuid()
    const detection = {
      ...{ id, stackId: stack.id, at: ctx.cloud.clock.now(), resources: wanted, drifted },
      ...(failure !== undefined && { failure }),
    }
    ctx.table(driftDetections).put(id, detection)
    ctx.table(drifts).put(stack.id, detection)
    return { StackDriftDetectionId: id }
  },
})

export const DescribeStackDriftDetectionStatus = operation({
  service: 'cloudformation',
  name: 'DescribeStackDriftDetectionStatus',
  access: () => [generalAccess('DescribeStackDriftDetectionStatus')],
  run: ({ StackDriftDetectionId: id }, ctx) => {
    const found = ctx.table(driftDetections).get(id)
    if (!found) throw validationError(`Drift detection id ${id} not found`)
    const { stackId, at, drifted, failure } = found
    return {
      StackId: stackId,
      StackDriftDetectionId: id,
      StackDriftStatus: drifted ? ('DRIFTED' as const) : ('IN_SYNC' as const),
      DetectionStatus:
        failure === undefined ? ('DETECTION_COMPLETE' as const) : ('DETECTION_FAILED' as const),
      DetectionStatusReason: failure,
      DriftedStackResourceCount: drifted,
      Timestamp: new Date(at),
    }
  },
})

export const DescribeStackResourceDrifts = operation({
  service: 'cloudformation',
  name: 'DescribeStackResourceDrifts',
  access: ({ StackName }, ctx) => [stackKind.on(ctx, 'DescribeStackResourceDrifts', StackName)],
  run: ({ StackName, StackResourceDriftStatusFilters: filters = [], MaxResults, NextToken }, ctx) => {
    const stack = stackKind.find(ctx, StackName)
    const { resources = [] } = ctx.table(drifts).get(stack.id) ?? {}
    const all = resources.filter(
      ({ status }) => !filters.length || filters.includes(status as StackResourceDriftStatus),
    )
    const page = paginate(all, { token: NextToken, limit: MaxResults ?? PAGE, query: [stack.id, ...filters] })
    return {
      StackResourceDrifts: page.items.map((one) => ({
        StackId: stack.id,
        LogicalResourceId: one.logicalId,
        PhysicalResourceId: one.physicalId,
        ResourceType: one.type,
        ExpectedProperties: one.expected,
        ActualProperties: one.actual,
        PropertyDifferences: one.differences.map(({ path, expected, actual, type }) => ({
          PropertyPath: path,
          ExpectedValue: expected,
          ActualValue: actual,
          DifferenceType: type,
        })),
        StackResourceDriftStatus: one.status,
        Timestamp: new Date(one.at),
      })),
      NextToken: page.nextToken,
    }
  },
})
