/** A cloud is killed while containers run: none outlives it, and the next cloud runs its tasks again. */
import { type ChildProcess, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NETWORK, PULL } from '../conformance/ecs/container-shop.ts'
import { builderMissing, busyboxLayer, pushLayers, skippedFor } from '../containers/images.ts'
import { eventually, printed, User } from './command-line.ts'

const missing = builderMissing()
const ACCOUNT = '111111111111'

describe.skipIf(missing).each(['unshare', 'podman'])(
  `a killed cloud with %s${skippedFor(missing)}`,
  (engine) => {
    let user: User
    let cloud: ChildProcess
    let endpoint: string
    /** A word of the container's command that no other process has. */
    const word = `killed-${engine}-${process.pid}`

    async function startCloud(): Promise<void> {
      cloud = user.start([
        'cloud',
        '--port',
        '0',
        '--json',
        '--containers',
        engine,
        '--data',
        join(user.folder, 'data'),
      ])
      endpoint = JSON.parse(await printed(cloud, /\}\s*$/)).endpoint
    }

    function client<C>(kind: new (options: never) => C): C {
      const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'test' }
      return new kind({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 } as never)
    }

    const containers = async () => spawnSync('pgrep', ['-f', `^/bin/sh -c while.*${word}$`]).stdout.toString()

    beforeAll(async () => {
      user = await User.create()
      await startCloud()
    })
    afterAll(async () => {
      const closed = new Promise((done) => cloud.once('close', done))
      cloud.kill('SIGTERM')
      await closed
      await user.remove()
    })

    it('leaves no container, and its tasks run again in the next', async () => {
      const ecr = client(ECRClient)
      await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
      await pushLayers(ecr, 'app', 'v1', [busyboxLayer()], {
        Cmd: ['/bin/sh', '-c', `while :; do /bin/sleep 1; done # ${word}`],
      })
      await serve()
      await eventually(containers, (found) => found !== '')
      cloud.kill('SIGKILL')
      await new Promise((done) => cloud.once('close', done))
      await eventually(containers, (found) => found === '')
      await startCloud()
      await eventually(containers, (found) => found !== '')
      expect(await containers()).not.toBe('')
    }, 90_000)

    async function serve(): Promise<void> {
      const iam = client(IAMClient)
      const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
      const Principal = { Service: 'ecs-tasks.amazonaws.com' }
      const { Role } = await iam.send(
        new CreateRoleCommand({
          RoleName: 'execution',
          AssumeRolePolicyDocument: policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }),
        }),
      )
      const PolicyDocument = policy({ Effect: 'Allow', Action: PULL, Resource: '*' })
      await iam.send(new PutRolePolicyCommand({ RoleName: 'execution', PolicyName: 'pull', PolicyDocument }))
      const ecs = client(ECSClient)
      await ecs.send(new CreateClusterCommand({ clusterName: 'main' }))
      await ecs.send(
        new RegisterTaskDefinitionCommand({
          family: 'web',
          requiresCompatibilities: ['FARGATE'],
          networkMode: 'awsvpc',
          cpu: '256',
          memory: '512',
          executionRoleArn: Role!.Arn,
          containerDefinitions: [
            { name: 'web', image: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/app:v1`, stopTimeout: 2 },
          ],
        }),
      )
      await ecs.send(
        new CreateServiceCommand({
          cluster: 'main',
          serviceName: 'web',
          taskDefinition: 'web',
          desiredCount: 1,
          launchType: 'FARGATE',
          networkConfiguration: NETWORK,
        }),
      )
    }
  },
)
