/** What actions need that CodePipeline runs on compute of its own: a log group named after the pipeline. */
import { formatArn, type Need } from '../model/index.ts'
import { needAll } from './provider.ts'
import type { ActionSurroundings } from './surroundings.ts'

/** Gives what writing the log takes. AWS: "Log groups for your pipeline in CloudWatch Logs", `/aws/codepipeline/<pipeline>`. */
export function computeLogNeeds({ pipeline, action, role, account, region }: ActionSurroundings): Need[] {
  const because = `to write the log of ${action.name}`
  const group = formatArn('logs', region, account, `log-group:/aws/codepipeline/${pipeline.name}`)
  return [
    ...needAll(role, ['logs:CreateLogGroup'], group, because),
    ...needAll(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], `${group}:log-stream:*`, because),
  ]
}

/** Gives what reading every input artifact takes. */
export const inputNeeds = ({ action, role, reads }: ActionSurroundings): Need[] =>
  (action.inputArtifacts ?? []).flatMap(({ name }) => reads(role, name, `to read the artifact ${name}`))
