/** What has a say in live accounts and cannot be read with the SDK clients that Crossdock comes with. */
import { formatArn, parseArn } from '../../model/index.ts'
import type { KnownPipeline } from '../landscape/landscape.ts'
import type { Reading } from './reading.ts'

const noClient = (service: string): string => `the SDK client for ${service} is not part of Crossdock`

/** Sources that a rule of EventBridge starts the pipeline for. */
const STARTED_BY_RULE: ReadonlySet<string> = new Set(['S3', 'CodeCommit', 'ECR'])
const TASK_PROVIDERS: ReadonlySet<string> = new Set(['ECS', 'CodeDeployToECS'])

/** Says what nobody looked at; only what matters to this pipeline. */
export function noteBlindSpots(reading: Reading, pipeline: KnownPipeline): void {
  const target = { account: pipeline.account, region: pipeline.region }
  reading.cannotRead(
    { what: 'service control policies and resource control policies', target },
    noClient('AWS Organizations'),
  )
  const actions = pipeline.declaration.stages.flatMap((stage) => stage.actions)
  for (const action of actions) {
    const { actionTypeId, configuration = {}, roleArn } = action
    const { category, provider } = actionTypeId
    const account = parseArn(roleArn ?? '')?.account ?? pipeline.account
    const place = { account, region: action.region ?? pipeline.region }
    if (category === 'Source' && STARTED_BY_RULE.has(provider))
      reading.cannotRead(
        { what: 'the rules that start the pipeline', target: place },
        noClient('EventBridge'),
      )
    if (TASK_PROVIDERS.has(provider))
      reading.cannotRead({ what: 'the roles of the task definitions', target: place }, noClient('ECS'))
    const topic = configuration.NotificationArn
    if (topic)
      reading.cannotRead({ what: `the topic policy of ${topic}`, arn: topic, target: place }, noClient('SNS'))
    if (provider === 'ECR' && configuration.RepositoryName) {
      const name = configuration.RepositoryName
      const arn = formatArn('ecr', place.region, account, `repository/${name}`)
      reading.cannotRead({ what: `the repository policy of ${name}`, arn, target: place }, noClient('ECR'))
    }
  }
}
