/** Reads the templates of the stacks that a pipeline deploys, as they stand there now. */
import type { Template } from '../../../model/index.ts'
import type { DeployedStack } from '../../../pipeline/index.ts'
import { readDocument } from '../../../template/index.ts'
import type { Reading } from './reading.ts'

/** A deployed stack's own template; the next version in the pipeline may differ from it. */
export interface LiveTemplate {
  readonly stack: DeployedStack
  /** With its transforms carried out. */
  readonly template: Template
  /** Values of its parameters; undefined where they could not be read. Those that are kept secret are left out. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly tagged: boolean
}

/** AWS: the value of a NoEcho parameter is shown as asterisks. */
const MASKED = /^\*+$/

/** Gives the template of a stack; undefined, and told as unread, where there is none or it may not be read. */
export async function readStackTemplate(
  reading: Reading,
  stack: DeployedStack,
): Promise<LiveTemplate | undefined> {
  const { name, account, region } = stack
  const target = { account, region }
  const what = `the template of the stack ${name}, so that what CloudFormation calls for it is not proven`
  const { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const client = () => reading.client(CloudFormationClient, target)
  const answer = await reading.ask({ what, target }, async () => {
    const cloudformation = await client()
    return cloudformation
      .send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Processed' }))
      .catch(withoutStack)
  })
  if (!('found' in answer)) return undefined
  const template = templateIn(answer.found?.TemplateBody)
  if (!template) {
    const why = answer.found ? 'it is no YAML or JSON' : 'there is no such stack yet'
    reading.cannotRead({ what, target }, `${why}; name its template: --application ${name}=<file>`)
    return undefined
  }
  const described = await reading.ask({ what: `the parameters of the stack ${name}`, target }, async () => {
    const { Stacks = [] } = await (await client()).send(new DescribeStacksCommand({ StackName: name }))
    return Stacks[0]
  })
  const found = 'found' in described ? described.found : undefined
  const values = found?.Parameters?.flatMap(({ ParameterKey, ParameterValue }): [string, string][] =>
    ParameterKey && ParameterValue !== undefined && !MASKED.test(ParameterValue)
      ? [[ParameterKey, ParameterValue]]
      : [],
  )
  return {
    stack,
    template,
    ...((values ?? found) && { parameters: Object.fromEntries(values ?? []) }),
    tagged: Boolean(found?.Tags?.length),
  }
}

/** AWS: a stack that does not exist is a ValidationError. */
function withoutStack(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
    return undefined
  throw error
}

function templateIn(text: string | undefined): Template | undefined {
  if (text === undefined) return undefined
  try {
    return readDocument(text).template
  } catch {
    return undefined
  }
}
