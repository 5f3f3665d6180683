/**
 * The code of a pipeline's observer: a function that pipelines invoke, which looks at what is in other accounts as the
 * roles that the pipeline acts as there. AWS: runtimes of Node.js have the clients of the SDK; code within a template has
 * at most 4096 characters, and is `index.js`.
 */
export const OBSERVER_CODE = `const { STSClient, AssumeRoleCommand } = require('@aws-sdk/client-sts')
const codepipeline = require('@aws-sdk/client-codepipeline')

// What the role of an account may be asked, in a region.
const clientOf = async (Client, account, region) => {
  const RoleArn = process.env.ROLE.replace('ACCOUNT', account)
  const { Credentials } = await new STSClient().send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'crossdock-observer' }),
  )
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials
  return new Client({ region, credentials: { accessKeyId, secretAccessKey, sessionToken } })
}

// { "eu-west-1": "222222222222 333333333333" }
const placesIn = (map) =>
  Object.entries(map).flatMap(([key, accounts]) => accounts.split(' ').map((account) => ({ key, account })))

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

// Fails when an alarm goes off; asks to be invoked again until the minutes are over.
const watch = async ({ minutes, alarms }, token) => {
  const { CloudWatchClient, DescribeAlarmsCommand } = alarms.length ? require('@aws-sdk/client-cloudwatch') : {}
  const look = async (names, region, account) => {
    const client = await clientOf(CloudWatchClient, account, region)
    const found = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    )
    const all = [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])]
    for (const name of names) {
      const alarm = all.find((one) => one.AlarmName === name)
      if (!alarm) throw new Error('there is no alarm ' + name + ' in ' + account + ' ' + region)
      if (alarm.StateValue === 'ALARM') throw new Error('the alarm ' + name + ' in ' + account + ' ' + region + ' went off')
    }
  }
  await Promise.all(
    alarms.flatMap(([names, map]) => placesIn(map).map(({ key, account }) => look(names, key, account))),
  )
  const started = Number(token ?? Date.now())
  const left = started + minutes * 60000 - Date.now()
  if (left <= 0) return {}
  await sleep(Math.min(left, 60000))
  return { continuationToken: String(started) }
}

// Counts the changes of change sets: { "eu-west-1 network set": "222222222222" }
const changes = async ({ stacks }) => {
  const { CloudFormationClient, DescribeChangeSetCommand } = require('@aws-sdk/client-cloudformation')
  const counts = await Promise.all(
    placesIn(stacks).map(async ({ key, account }) => {
      const [region, StackName, ChangeSetName] = key.split(' ')
      const client = await clientOf(CloudFormationClient, account, region)
      const { Changes = [] } = await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }))
      return Changes.length
    }),
  )
  return { outputVariables: { changes: String(counts.reduce((sum, count) => sum + count, 0)) } }
}

exports.handler = async (event) => {
  const { id: jobId, data } = event['CodePipeline.job']
  const client = new codepipeline.CodePipelineClient()
  try {
    const asked = JSON.parse(data.actionConfiguration.configuration.UserParameters)
    const said = await { watch, changes }[asked.task](asked, data.continuationToken)
    await client.send(new codepipeline.PutJobSuccessResultCommand({ jobId, ...said }))
  } catch (error) {
    const failureDetails = { type: 'JobFailed', message: String(error.message).slice(0, 1000) }
    await client.send(new codepipeline.PutJobFailureResultCommand({ jobId, failureDetails }))
  }
}
`
