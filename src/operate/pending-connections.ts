/** Connections that nobody has authorized yet: pipelines that fetch through them fail until a person has. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../aws/index.ts'
import { type Arn, parseArn, type StackOutputReference } from '../model/index.ts'
import { sideBySide } from './side-by-side.ts'

export interface PendingConnection {
  readonly arn: Arn
  /** As AWS calls its state: PENDING, or ERROR. */
  readonly status: string
  /** GitHub, GitLab, Bitbucket; absent where AWS does not say. */
  readonly provider?: string
  /** Where a person authorizes it. */
  readonly console: string
}

const WIDTH = 4

/**
 * Gives those connections that are not available, of those that stacks made and those that are named. What may not be looked
 * at, or is not there yet, is left out.
 */
export async function pendingConnections(
  accounts: Pick<Accounts, 'client'>,
  made: readonly StackOutputReference[],
  named: readonly Arn[],
): Promise<PendingConnection[]> {
  const arns = [...named, ...(await outputsOf(accounts, made))]
  const found = await sideBySide([...new Set(arns)], WIDTH, async (arn) => {
    const { account = '', region = '' } = parseArn(arn) ?? {}
    const { CodeStarConnectionsClient, GetConnectionCommand } = await import(
      '@aws-sdk/client-codestar-connections'
    )
    const client = await accounts.client(CodeStarConnectionsClient, { account, region })
    const { Connection } = await client.send(new GetConnectionCommand({ ConnectionArn: arn }))
    return { arn, region, status: Connection?.ConnectionStatus, provider: Connection?.ProviderType }
  })
  return found.flatMap((one) => {
    if (one.status === 'rejected') return []
    const { arn, region, status, provider } = one.value
    if (status === undefined || status === 'AVAILABLE') return []
    return [{ arn, status, console: consoleOf(region), ...(provider && { provider }) }]
  })
}

/** AWS: the page of the developer tools' console that lists connections (dtconsole user guide, "Update a pending connection"). */
const consoleOf = (region: string): string =>
  `https://${region}.console.aws.amazon.com/codesuite/settings/connections?region=${region}`

async function outputsOf(
  accounts: Pick<Accounts, 'client'>,
  made: readonly StackOutputReference[],
): Promise<Arn[]> {
  const stacks = new Map(made.map((one) => [`${one.target.account} ${one.target.region} ${one.stack}`, one]))
  const wanted = new Set(made.map(({ output }) => output))
  const found = await sideBySide([...stacks.values()], WIDTH, async ({ stack, target }) => {
    const client = await accounts.client(CloudFormationClient, target)
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }))
    return Stacks.flatMap(({ Outputs = [] }) => Outputs).flatMap(({ OutputKey = '', OutputValue }) =>
      wanted.has(OutputKey) && OutputValue ? [OutputValue] : [],
    )
  })
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
}
