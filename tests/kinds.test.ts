/** Every collection of a service's records is that of a kind of resource, or says here what it is part of. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { services } from '../src/cloud/services/index.ts'

const FOLDER = resolve(import.meta.dirname, '../src/cloud/services')

/** What is no kind of its own, and why; the name ends where a collection is made for each owner. */
const PARTS: Readonly<Record<string, string>> = {
  'cloudformation.answers': 'what custom resources answered, kept until their stack asks',
  'cloudformation.change-sets': 'AWS: a change set is no resource for policies, its stack is asked',
  'cloudformation.drift-detections': 'of a stack, which is asked',
  'cloudformation.drifts': 'of a stack, which is asked',
  'cloudformation.events': "a stack's",
  'cloudformation.resources': "a stack's",
  'cloudformation.stack-instances': "a stack set's",
  'cloudformation.stack-set-names': 'which stack set holds a name',
  'cloudformation.stack-set-operations': "a stack set's",
  'cloudformation.stack-names': 'which stack holds a name',
  'codebuild.builds': 'AWS: a build is no resource for policies, its project is asked',
  'codebuild.batches': 'AWS: a batch is no resource for policies, its project is asked',
  'codebuild.webhooks': 'AWS: a webhook is no resource for policies, its project is asked',
  'cloudwatch.history': 'what became of alarms, of which those are asked',
  'cloudwatch.hours': 'AWS: a metric is no resource for policies; its namespace is a condition key',
  'codebuild.source-credentials': 'AWS: actions on them take no resource',
  'codebuild.reports': 'AWS: a report is no resource for policies, its group is asked',
  'codecommit.rule-templates': 'AWS: actions on templates take no resource, or that of a repository',
  'codecommit.comments': 'AWS: a comment is no resource for policies, its repository is asked',
  'codecommit.pull-requests': 'AWS: a pull request is no resource for policies, its repository is asked',
  'codecommit.told': 'how far changes of branches have been told',
  'codedeploy.revisions': 'AWS: a revision is no resource for policies, its application is asked',
  'codeconnections.pull-requests': 'a pull request is of a provider, not of AWS',
  'codeconnections.announced': 'how far pushes have been told',
  'codepipeline.actions': "a pipeline's",
  'codepipeline.executions': "a pipeline's",
  'codepipeline.jobs': "a pipeline's action's",
  'ecr.images': 'AWS: an image is no resource for policies, its repository is asked',
  'ecr.layers': 'as images',
  'ecr.lifecyclePreviews': 'as images',
  'ecr.uploads': 'as images',
  'ecs.account-settings': 'AWS: actions on settings take no resource',
  'ecs.families': "the last number of a task definition's revisions",
  'ecs.task-requests': 'what RunTask was asked for, for a day',
  'elasticloadbalancing.targets': 'AWS: a target is no resource for policies, its group is asked',
  'iam.account-aliases': "AWS: an alias is the account's, and no policy can name it",
  'codestar-notifications.failures': "a pipeline execution's, while it runs",
  'codestar-notifications.targets': 'AWS: a target is no resource for policies',
  'iam.access-keys': 'AWS: an access key is no resource for policies, its user is asked',
  'lambda.aliases': 'AWS: an alias is its function with a qualifier',
  'lambda.event-invoke-configs': "a function's",
  'lambda.layer-policies': "a layer version's",
  'lambda.pending-events': 'calls that are still to be made',
  'lambda.provisioned-concurrency': "a version's or an alias's",
  'lambda.policies': "a function's, one for each qualifier",
  'lambda.urls': "a function's or an alias's",
  'lambda.versions': 'AWS: a version is its function with a qualifier',
  'logs.policies': "AWS: resource policies are the account's",
  'logs.streams': "AWS: a stream's events are asked of its group",
  's3.completions': 'AWS: completing once more is asked as the object that it made',
  's3.parts': "an upload's",
  's3.uploads': 'AWS: an upload is asked as the object that it becomes',
  'states.history': "an execution's",
  'sqs.messages': 'AWS: a message is no resource for policies, its queue is asked',
  'sqs.move-tasks': 'AWS: a task is no resource for policies, its queue is asked',
  'sqs.repetitions': "what a FIFO queue's messages are told apart by",
  'sqs.sequences': "the last number of an account's messages",
  'sns.subscriptions': 'AWS: a subscription is no resource for policies, its topic is asked',
}

const collections = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file) => [
    ...readFileSync(join(FOLDER, file), 'utf8').matchAll(
      /\bcollection(?:<.*>)?\(\s*['`]([\w.-]+?)[ .]?[$'`]/g,
    ),
  ])
  .map(([, name]) => name!)

const kinds = (await Promise.all(services.map((one) => one.load()))).flatMap((one) => one.kinds)
const tables = new Set(kinds.map(({ definition }) => definition.table.name))

it('finds all collections', () => {
  const count = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('state.ts'))
    .map((file) => readFileSync(join(FOLDER, file), 'utf8').match(/\bcollection[<(]/g)?.length ?? 0)
    .reduce((sum, one) => sum + one)
  expect(collections.length).toBeGreaterThanOrEqual(count)
})

it('every collection is a kind of resource, or part of one', () => {
  expect([...new Set(collections)].filter((name) => !tables.has(name)).sort()).toEqual(
    Object.keys(PARTS).sort(),
  )
})

it('every kind has a collection of its service', () => {
  expect([...tables].filter((name) => !collections.includes(name))).toEqual([])
})
