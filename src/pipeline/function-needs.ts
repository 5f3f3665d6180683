/** What a Lambda function needs to run at all, whoever invokes it. */
import { type Arn, formatArn, type Need, type Target } from '../model/index.ts'
import { needAll, optionally } from './provider.ts'

/**
 * Lambda must be let into the function's role. AWS: "Lambda automatically captures logs … if your function's execution
 * role has the necessary permissions" ("Sending Lambda function logs to CloudWatch Logs"): one that may not write its log
 * runs all the same. Creating a group is authorized on its ARN with `:log-stream:` behind it, as for builds.
 */
export function functionNeeds(functionRole: Arn, name: string, { account, region }: Target): Need[] {
  const streams = formatArn('logs', region, account, `log-group:/aws/lambda/${name}:log-stream:*`)
  return [
    ...needAll('lambda.amazonaws.com', ['sts:AssumeRole'], functionRole, `to run the function ${name}`),
    ...optionally(needAll(functionRole, LOGS, streams, 'to write the function’s log')),
  ]
}

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']
