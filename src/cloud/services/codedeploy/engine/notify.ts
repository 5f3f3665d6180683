/** Who is told what becomes of deployments: EventBridge, and the topics of a group's triggers. */
import { senderAs, topic } from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn, handOver } from '../../../kernel/hand-over.ts'
import { deploymentChanged } from '../../../kernel/service-events.ts'
import { applicationArn, groupArn } from '../kinds.ts'
import { type Deployment, deployments } from '../state.ts'
import { overviewOf } from './describe-deployment.ts'
import { forGroup } from './run.ts'

/** AWS: "Monitoring deployments with Amazon CloudWatch Events" and "Monitoring deployments with Amazon SNS event notifications". */
const STATES = {
  Queued: { state: 'QUEUED' },
  InProgress: { state: 'START', trigger: 'DeploymentStart' },
  Ready: { state: 'READY', trigger: 'DeploymentReady' },
  Succeeded: { state: 'SUCCESS', trigger: 'DeploymentSuccess' },
  Failed: { state: 'FAILURE', trigger: 'DeploymentFailure' },
  Stopped: { state: 'STOP', trigger: 'DeploymentStop' },
} as const

/** Tells of the status that a deployment has come to. */
export function tellStatus(ctx: Context, deployment: Deployment): void {
  const { id, application, group, groupId, status } = deployment
  ctx.cloud.bus.emit(deploymentChanged, { account: ctx.account, region: ctx.region, deployment: id })
  const told = STATES[status as keyof typeof STATES] as { state: string; trigger?: string } | undefined
  if (!told) return
  ctx.publish({
    source: 'aws.codedeploy',
    detailType: 'CodeDeploy Deployment State-change Notification',
    resources: [applicationArn(ctx, application), groupArn(ctx, { application, name: group })],
    detail: {
      region: ctx.region,
      deploymentId: id,
      instanceGroupId: groupId,
      deploymentGroup: group,
      state: told.state,
      application,
    },
  })
  if (told.trigger) tellTopics(ctx, deployment, told.trigger)
}

/** AWS: a rollback that begins is an event of triggers by itself. */
export const tellRollback = (ctx: Context, deployment: Deployment): void =>
  tellTopics(ctx, deployment, 'DeploymentRollback')

function tellTopics(ctx: Context, deployment: Deployment, event: string): void {
  for (const { triggerName = '', triggerTargetArn = '', triggerEvents } of deployment.settings
    .triggerConfigurations ?? [])
    if ((triggerEvents as readonly string[] | undefined)?.includes(event))
      handOn(ctx, trigger, {
        deployment: deployment.id,
        to: triggerTargetArn,
        text: JSON.stringify(messageOf(ctx, deployment, triggerName)),
        subject: `${event}: ${deployment.application}/${deployment.group} ${deployment.id}`.slice(0, 100),
      })
}

const seconds = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : (at / 1000).toFixed(3)

/** AWS: "JSON data formats for CodeDeploy triggers"; numbers are texts there. */
const messageOf = (ctx: Context, deployment: Deployment, eventTriggerName: string) => ({
  region: ctx.region,
  accountId: ctx.account,
  eventTriggerName,
  applicationName: deployment.application,
  deploymentId: deployment.id,
  deploymentGroupName: deployment.group,
  createTime: seconds(deployment.created),
  completeTime: seconds(deployment.completed),
  deploymentOverview: Object.fromEntries(
    Object.entries(overviewOf(deployment)).map(([name, count]) => [name, String(count)]),
  ),
  status: deployment.status,
  ...(deployment.error && {
    errorInformation: { ErrorCode: deployment.error.code, ErrorMessage: deployment.error.message },
  }),
})

interface TriggerMessage {
  readonly deployment: string
  readonly to: string
  readonly text: string
  readonly subject: string
}

/** AWS: the group's role publishes; whoever it may not publish to is told nothing, and the deployment goes on. */
export const trigger = handOver<TriggerMessage>({
  name: 'codedeploy.trigger',
  deliver: async (ctx, { deployment: id, to, text, subject }) => {
    const deployment = ctx.table(deployments).get(id)
    if (!deployment) return
    const role = await ctx.assumeRole(deployment.roleArn, { by: forGroup(ctx, deployment), sessionName: id })
    await topic.send(senderAs(ctx, role.identity), to, { text, subject })
  },
})
