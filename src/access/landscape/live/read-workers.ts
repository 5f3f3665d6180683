/** Reads what works for a pipeline: build projects and functions. */
import { formatArn, type Target } from '../../../model/index.ts'
import { projectFacts, type Settings } from '../readers/build-project.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

/** Reads a build project into the reading, once. One that is not there is a finding. */
export function readProject(reading: Reading, name: string, target: Target): Promise<void> {
  const { account, region } = target
  const arn = formatArn('codebuild', region, account, `project/${name}`)
  return reading.once(`project ${arn}`, async () => {
    const { BatchGetProjectsCommand, CodeBuildClient } = await import('@aws-sdk/client-codebuild')
    const answer = await reading.ask({ what: `the build project ${name}`, arn, target }, async () => {
      const client = await reading.client(CodeBuildClient, target)
      const { projects = [] } = await client.send(new BatchGetProjectsCommand({ names: [name] }))
      return projects[0]
    })
    if (!('found' in answer)) return
    const project = answer.found
    if (!project) return notThere(reading, 'build-project-does-not-exist', `build project ${name}`, target)
    const facts = projectFacts(name, project as Settings, target)
    for (const secret of facts.secrets ?? [])
      reading.cannotRead(
        { what: `the resource policy of the secret ${secret}`, target },
        'the SDK client for Secrets Manager is not part of Crossdock',
      )
    reading.projects.set(arn, {
      name,
      account,
      region,
      origin: await originOf(reading, target, { physicalId: name, type: 'AWS::CodeBuild::Project' }),
      serviceRole: project.serviceRole ?? '',
      ...(project.encryptionKey && { encryptionKey: project.encryptionKey }),
      ...facts,
    })
  })
}

/** Reads the execution role of a function into the reading, once. A function that is not there is a finding. */
export function readFunction(reading: Reading, name: string, target: Target): Promise<void> {
  const arn = formatArn('lambda', target.region, target.account, `function:${name}`)
  return reading.once(`function ${arn}`, async () => {
    const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda')
    const answer = await reading.ask({ what: `the function ${name}`, arn, target }, async () => {
      const client = await reading.client(LambdaClient, target)
      return client.send(new GetFunctionConfigurationCommand({ FunctionName: name }))
    })
    if ('absent' in answer) notThere(reading, 'function-does-not-exist', `function ${name}`, target)
    if ('found' in answer && answer.found.Role) reading.functions.set(arn, answer.found.Role)
  })
}

function notThere(reading: Reading, rule: string, what: string, { account, region }: Target): void {
  reading.findings.push({
    rule,
    severity: 'error',
    message: `there is no ${what} in account ${account}, ${region}`,
    fix: `make it there, or let the action's role and region lead to where it is`,
  })
}
