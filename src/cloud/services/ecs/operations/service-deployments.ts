/** Service deployments: listed, described with their revisions, stopped, and gone on with after a pause. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import {
  briefDeployment,
  describeRevision,
  describeServiceDeployment,
} from '../engine/describe-service-deployment.ts'
import { withRuns } from '../engine/hooks.ts'
import { byItself } from '../engine/identity.ts'
import { roll } from '../engine/rollout.ts'
import { failed, REQUESTED } from '../engine/rollout-end.ts'
import { saveServiceDeployment } from '../engine/service-deployments.ts'
import { primaryOf, saveService } from '../engine/service-record.ts'
import { clusterKind, invalid, serviceDeploymentKind, serviceKind, serviceRevisionKind } from '../kinds.ts'
import {
  type HookRun,
  type ServiceDeployment,
  serviceDeployments,
  serviceDeploymentsOf,
  services,
} from '../state.ts'
import { badToken } from './tags.ts'

/** AWS: as many ARNs are taken at once. */
const MOST = 20

/** AWS: newest first, 20 where nobody says how many. */
export const ListServiceDeployments = operation({
  service: 'ecs',
  name: 'ListServiceDeployments',
  access: ({ cluster, service: named = '' }, ctx) => [
    serviceKind.on(ctx, 'ListServiceDeployments', { cluster, named }),
  ],
  run: (input, ctx) => {
    const { cluster, service: named = '', status, createdAt, maxResults = 20, nextToken: token } = input
    if (maxResults < 1 || maxResults > 100) throw invalid('maxResults must be between 1 and 100.')
    clusterKind.find(ctx, cluster)
    const { arn } = serviceKind.find(ctx, { cluster, named })
    const since = createdAt?.after?.getTime() ?? 0
    const until = createdAt?.before?.getTime() ?? Number.POSITIVE_INFINITY
    const all = ctx
      .table(serviceDeployments)
      .where(serviceDeploymentsOf, arn)
      .filter((one) => !status?.length || status.includes(one.status))
      .filter(({ created }) => created >= since && created <= until)
      .reverse()
    const query = [arn, status, since, until]
    const page = paginate(all, { token, limit: maxResults, query, error: badToken })
    return {
      serviceDeployments: page.items.map((one) => briefDeployment(ctx, one)),
      nextToken: page.nextToken,
    }
  },
})

/** Errors: for none, and for more than AWS takes at once. */
function checkArns(arns: readonly string[]): void {
  if (!arns.length) throw invalid('At least one ARN must be given.')
  if (arns.length > MOST) throw invalid(`No more than ${MOST} ARNs can be given.`)
}

/** AWS: what is not there is a failure beside the rest. */
export const DescribeServiceDeployments = operation({
  service: 'ecs',
  name: 'DescribeServiceDeployments',
  access: ({ serviceDeploymentArns: arns = [] }, ctx) =>
    arns.map((arn) => serviceDeploymentKind.on(ctx, 'DescribeServiceDeployments', arn)),
  run: ({ serviceDeploymentArns: arns = [] }, ctx) => {
    checkArns(arns)
    const found = arns.map((arn) => ({ arn, record: serviceDeploymentKind.lookUp(ctx, arn) }))
    return {
      serviceDeployments: found.flatMap(({ record }) =>
        record ? [describeServiceDeployment(ctx, record)] : [],
      ),
      failures: found.flatMap(({ arn, record }) => (record ? [] : [{ arn, reason: 'MISSING' }])),
    }
  },
})

/** As DescribeServiceDeployments. */
export const DescribeServiceRevisions = operation({
  service: 'ecs',
  name: 'DescribeServiceRevisions',
  access: ({ serviceRevisionArns: arns = [] }, ctx) =>
    arns.map((arn) => serviceRevisionKind.on(ctx, 'DescribeServiceRevisions', arn)),
  run: ({ serviceRevisionArns: arns = [] }, ctx) => {
    checkArns(arns)
    const found = arns.map((arn) => ({ arn, record: serviceRevisionKind.lookUp(ctx, arn) }))
    return {
      serviceRevisions: found.flatMap(({ record }) => (record ? [describeRevision(ctx, record)] : [])),
      failures: found.flatMap(({ arn, record }) => (record ? [] : [{ arn, reason: 'MISSING' }])),
    }
  },
})

/** AWS: one that rolls back already goes on; one that is over is a ConflictException. */
export const StopServiceDeployment = operation({
  service: 'ecs',
  name: 'StopServiceDeployment',
  access: ({ serviceDeploymentArn: arn = '' }, ctx) => [
    serviceDeploymentKind.on(ctx, 'StopServiceDeployment', arn),
  ],
  run: ({ serviceDeploymentArn: arn = '' }, ctx) => {
    const found = serviceDeploymentKind.find(ctx, arn)
    if (found.finished !== undefined)
      throw new AwsError('ConflictException', 'The service deployment has ended and cannot be stopped.')
    if (!found.rollback) rollBack(byItself(ctx), found)
    return { serviceDeploymentArn: arn }
  },
})

function rollBack(ctx: Context, { service: arn }: ServiceDeployment): void {
  const service = ctx.table(services).get(arn)!
  saveService(ctx, failed(ctx, service, primaryOf(service), REQUESTED))
  roll(ctx, arn)
}

/** AWS: only a pause that awaits it is gone on with, or rolled back from. */
export const ContinueServiceDeployment = operation({
  service: 'ecs',
  name: 'ContinueServiceDeployment',
  access: ({ serviceDeploymentArn: arn = '' }, ctx) => [
    serviceDeploymentKind.on(ctx, 'ContinueServiceDeployment', arn),
  ],
  run: ({ serviceDeploymentArn: arn = '', hookId, action = 'CONTINUE' }, ctx) => {
    const found = serviceDeploymentKind.find(ctx, arn)
    const run = found.shift?.hooks.find(({ id }) => id === hookId)
    if (run?.status !== 'AWAITING_ACTION' || found.status !== 'IN_PROGRESS')
      throw invalid(`The lifecycle hook ${hookId} is not awaiting an action.`)
    const ended: HookRun =
      action === 'CONTINUE'
        ? { ...run, status: 'SUCCEEDED' }
        : { ...run, status: 'FAILED', failure: 'A rollback was requested.' }
    const { shift } = found
    saveServiceDeployment(ctx, { ...found, shift: { ...shift!, hooks: withRuns(shift!, [ended]) } })
    roll(byItself(ctx), found.service)
    return { serviceDeploymentArn: arn }
  },
})
