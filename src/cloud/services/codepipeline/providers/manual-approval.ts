/** A person's approval: asked for once, answered through PutApprovalResult. */
import { topic } from '../../../destinations/index.ts'
import { type ActionJob, PENDING, type Runner } from './runner.ts'

/** Minutes. AWS: seven days. */
const DEFAULT_TIMEOUT = 7 * 24 * 60

export const manualApproval: Runner = {
  id: 'Approval/Manual',
  run: async (job) => {
    const expires = job.started + (job.action.timeoutInMinutes ?? DEFAULT_TIMEOUT) * 60_000
    if (!job.progress) {
      const token = job.once('token', () => job.ctx.cloud.ids.uuid())
      await notify(job, { token, expires })
      job.save({ token })
    }
    job.expire(expires, 'The approval action has timed out')
    return PENDING
  },
}

/** Publishes what AWS documents as the JSON format of approval notifications. */
async function notify(job: ActionJob, { token, expires }: { token: string; expires: number }): Promise<void> {
  const {
    NotificationArn: to,
    CustomData: customData,
    ExternalEntityLink: externalEntityLink,
  } = job.configuration
  if (!to) return
  const { pipeline, stage, action, region } = job
  const console_ = `https://console.aws.amazon.com/codepipeline/home?region=${region}#/view/${pipeline.name}`
  const approval = {
    pipelineName: pipeline.name,
    stageName: stage,
    actionName: action.name,
    token,
    expires: new Date(expires).toISOString().replace(/:\d\d\.\d+Z$/, 'Z'),
    externalEntityLink,
    approvalReviewLink: `${console_}/${stage}/${action.name}/approve/${token}`,
    customData,
  }
  await topic.send({ cloud: job.ctx.cloud, call: job.call }, to, {
    subject: `APPROVAL NEEDED: AWS CodePipeline ${pipeline.name} for action ${action.name}`.slice(0, 100),
    text: JSON.stringify({ region, consoleLink: console_, approval }),
  })
}
