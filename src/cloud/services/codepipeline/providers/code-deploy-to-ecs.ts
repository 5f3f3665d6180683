/** A blue/green deployment of an ECS service by CodeDeploy, to a task definition and images out of artifacts. */
import { readJson } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { deploymentChanged } from '../../../kernel/service-events.ts'
import { open } from '../../../machine/archive.ts'
import { watch } from '../stack-actions/watch-stack.ts'
import { ActionFailure, type ActionJob, isDenial, type Outcome, type Runner } from './runner.ts'

/** AWS: 5 days ("Quotas in AWS CodePipeline"), and 3 MB of an artifact with templates ("Troubleshooting CodePipeline"). */
const TIMEOUT = 5 * 24 * 60 * 60_000
const LARGEST = 3 * 1024 ** 2

const refused = (message: string): ActionFailure => new ActionFailure(message, { code: 'ConfigurationError' })

/** AWS: nobody says in which order the calls are made; the task definition's ARN must be known before the deployment is. */
export const codeDeployToEcs: Runner = {
  id: 'Deploy/CodeDeployToECS',
  run: async (job) => {
    job.expire(job.started + TIMEOUT, 'The deployment did not end in time')
    const { ApplicationName: applicationName = '', DeploymentGroupName: deploymentGroupName = '' } =
      job.configuration
    const { application } = await job.call('codedeploy', 'GetApplication', { applicationName })
    if (application?.computePlatform !== 'ECS')
      throw refused(`The application ${applicationName} is not for the compute platform ECS`)
    const { taskDefinition, appSpec } = await templates(job)
    const arn = await register(job, taskDefinition)
    const { deploymentId = '' } = await job.call('codedeploy', 'CreateDeployment', {
      applicationName,
      deploymentGroupName,
      revision: {
        revisionType: 'AppSpecContent',
        appSpecContent: { content: appSpec.replaceAll('<TASK_DEFINITION>', () => arn) },
      },
    })
    job.show(externalOf(job, deploymentId))
    return ended(job, deploymentId)
  },
}

/** Gives both templates, the images put into the task definition. Errors: ActionFailure. */
async function templates(job: ActionJob): Promise<{ taskDefinition: string; appSpec: string }> {
  const { configuration } = job
  const of = async (what: string, artifact = '', path: string) =>
    file(job, artifact, path, `Exception while trying to read the ${what} artifact file from: ${artifact}`)
  let taskDefinition = await of(
    'task definition',
    configuration.TaskDefinitionTemplateArtifact,
    configuration.TaskDefinitionTemplatePath || 'taskdef.json',
  )
  const appSpec = await of(
    'AppSpec',
    configuration.AppSpecTemplateArtifact,
    configuration.AppSpecTemplatePath || 'appspec.yaml',
  )
  for (const n of [1, 2, 3, 4]) {
    const artifact = configuration[`Image${n}ArtifactName`]
    const placeholder = configuration[`Image${n}ContainerName`]
    if (!artifact || !placeholder) continue
    const image = await imageIn(job, artifact)
    taskDefinition = taskDefinition.replaceAll(`<${placeholder}>`, () => image)
  }
  return { taskDefinition, appSpec }
}

/** AWS: `imageDetail.json`, and no other name; its `ImageURI` takes the place of the placeholder. */
async function imageIn(job: ActionJob, artifact: string): Promise<string> {
  const wrong = `Exception while trying to read the image artifact file from the artifact: ${artifact}.`
  const text = await file(job, artifact, 'imageDetail.json', wrong)
  try {
    const { ImageURI } = readJson(text) as { ImageURI?: unknown }
    if (typeof ImageURI === 'string' && ImageURI) return ImageURI
  } catch {}
  throw refused(wrong)
}

async function file(job: ActionJob, artifact: string, path: string, wrong: string): Promise<string> {
  const input = job.inputs.find(({ name }) => name === artifact)
  if (!input) throw refused(wrong)
  const content = await job.read(input).catch((error: unknown) => {
    throw isDenial(error) ? error : refused(wrong)
  })
  const files = content.length > LARGEST ? undefined : await open(content).catch(() => undefined)
  const found = files?.get(path.replace(/^\.?\//, ''))
  if (!found) throw refused(`${wrong}${why(content.length, path)}`)
  return Buffer.from(found.content).toString()
}

/** What AWS leaves to find out. */
const why = (size: number, path: string): string =>
  size > LARGEST
    ? ` (it is larger than ${LARGEST / 1024 ** 2} MB)`
    : ` (it is no zip archive with the file ${path})`

/** What the description of a task definition has and its registration does not take. */
const DESCRIBED = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
]

async function register(job: ActionJob, text: string): Promise<string> {
  const { TaskDefinitionTemplateArtifact: artifact, TaskDefinitionTemplatePath: path = 'taskdef.json' } =
    job.configuration
  let given: unknown
  try {
    given = readJson(text)
  } catch {}
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refused(`The task definition file ${path} of the artifact ${artifact} contains invalid JSON format`)
  const entries = Object.entries(given).filter(([name]) => !DESCRIBED.includes(name))
  const { taskDefinition } = await job.call(
    'ecs',
    'RegisterTaskDefinition',
    Object.fromEntries(entries) as unknown as Input<'ecs', 'RegisterTaskDefinition'>,
  )
  return taskDefinition?.taskDefinitionArn ?? ''
}

async function ended(job: ActionJob, deploymentId: string): Promise<Outcome> {
  const external = externalOf(job, deploymentId)
  const info = await watch(
    job,
    deploymentChanged,
    (told) => told.deployment === deploymentId,
    async () => (await job.call('codedeploy', 'GetDeployment', { deploymentId })).deploymentInfo ?? {},
    (seen) => (['Succeeded', 'Failed', 'Stopped'].includes(seen.status ?? '') ? seen : undefined),
  )
  if (info.status === 'Succeeded') return { external }
  const { code = '', message = '' } = info.errorInformation ?? {}
  throw new ActionFailure(
    `Deployment ${deploymentId} ${info.status === 'Failed' ? 'failed' : 'was stopped'}: ${code}: ${message}`,
    { external },
  )
}

const externalOf = ({ region }: ActionJob, id: string) => ({
  id,
  url: `https://console.aws.amazon.com/codesuite/codedeploy/deployments/${id}?region=${region}`,
})
