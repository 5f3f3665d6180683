/** What actions need that CodePipeline runs on compute of its own: a log group named after the pipeline. */
import { formatArn, type Need } from '../model/index.ts'
import { needAll } from './provider.ts'
import type { ActionSurroundings } from './surroundings.ts'

/**
 * Gives what writing the log takes. AWS: "Log groups for your pipeline in CloudWatch Logs", `/aws/codepipeline/<pipeline>`;
 * creating a group is authorized on its ARN with `:log-stream:` behind it, as for builds.
 */
export function computeLogNeeds({ pipeline, action, role, account, region }: ActionSurroundings): Need[] {
  const because = `to write the log of ${action.name}`
  const group = formatArn('logs', region, account, `log-group:/aws/codepipeline/${pipeline.name}`)
  const operations = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']
  return needAll(role, operations, `${group}:log-stream:*`, because)
}

/** Gives what reading every input artifact takes. */
export const inputNeeds = ({ action, role, reads }: ActionSurroundings): Need[] =>
  (action.inputArtifacts ?? []).flatMap(({ name }) => reads(role, name, `to read the artifact ${name}`))
