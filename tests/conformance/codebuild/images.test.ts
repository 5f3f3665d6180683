/** Builds that call docker: without an engine they are told so; with one they build, tag and push as they would on AWS. */
import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { describe, expect, it } from 'vitest'
import { BUSYBOX, builderMissing, skippedFor } from '../../containers/images.ts'
import { buildspec, environment, HUB, openBuilder } from './builder.ts'

const missing = builderMissing()
const builder = await openBuilder()
const privileged = { environment: { ...environment(), privilegedMode: true } }

describe('docker in a build', () => {
  it('finds no daemon where the environment is not privileged, as on AWS', async () => {
    const { build, log } = await builder.once('plain', buildspec({ build: ['docker build .'] }))
    expect(build.buildStatus).toBe('FAILED')
    expect(log).toContain(
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n' +
        "The project's environment is not privileged",
    )
  })

  it('is told why there is no engine', async () => {
    const { build, log } = await builder.once('none', buildspec({ build: ['docker build .'] }), privileged)
    expect(build.buildStatus).toBe('FAILED')
    expect(log).toMatch(
      /Is the docker daemon running\?\n.*no engine for images: the cloud was started to run no containers/,
    )
  })
})

/** An image of a shell and a word, built in the folder that the words go to. */
const BUILD = [
  'mkdir image && cd image',
  `cp ${BUSYBOX} busybox && echo word > word`,
  'printf \'FROM scratch\\nCOPY busybox /bin/sh\\nCOPY word /word\\nRUN ["/bin/sh", "-c", "echo ran"]\\nCMD ["/bin/sh"]\\n\' > Dockerfile',
]
const LOGIN = 'aws ecr get-login-password | docker login --username AWS --password-stdin'

describe.skipIf(missing).each(['podman', 'buildah'] as const)(
  `docker by %s${skippedFor(missing)}`,
  (engine) => {
    it('builds, tags and pushes to the embedded ECR with what the role may do', async () => {
      const shop = await openBuilder({ containers: engine })
      const ecr = shop.client(ECRClient)
      await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
      const uri = `${shop.cloud.endpoint.replace('http://', '')}/${HUB}/us-east-1/app`
      const serviceRole = await shop.role('pusher', [
        { Action: 'logs:*' },
        {
          Action: [
            'ecr:GetAuthorizationToken',
            'ecr:BatchCheckLayerAvailability',
            'ecr:InitiateLayerUpload',
            'ecr:UploadLayerPart',
            'ecr:CompleteLayerUpload',
            'ecr:PutImage',
          ],
        },
      ])
      const commands = [
        ...BUILD,
        `${LOGIN} ${uri.split('/')[0]}`,
        `docker build -t app:v1 .`,
        `docker tag app:v1 ${uri}:v1`,
        `docker push ${uri}:v1`,
        'docker compose up || echo refused',
      ]
      const { build, log } = await shop.once('built', buildspec({ build: commands }), {
        serviceRole,
        ...privileged,
      })
      expect(log).toContain('is not supported by the engine of this build')
      expect(build.buildStatus).toBe('SUCCEEDED')
      const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'app' }))
      expect(imageDetails).toMatchObject([{ imageTags: ['v1'] }])
      expect(log).toContain(`v1: digest: ${imageDetails![0]!.imageDigest}`)
      expect(log).toMatch(/^ran$/m)
    }, 60_000)
  },
)
