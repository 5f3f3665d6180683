/** Files within an action's input artifacts. */
import { open } from '../../../machine/archive.ts'
import { ActionFailure, type ActionJob } from '../providers/runner.ts'
import type { ArtifactAt } from '../state.ts'

/** Bytes of an input artifact. AWS: 256 MB. */
const ARTIFACT_LIMIT = 256 * 1024 ** 2

/** The action's input artifacts, each read once and only when a file of it is asked for. Errors: ActionFailure. */
export class Artifacts {
  private readonly job: ActionJob
  private readonly opened = new Map<string, ReturnType<typeof open>>()

  constructor(job: ActionJob) {
    this.job = job
  }

  /** The file behind `Artifact::path`. */
  async file(path: string): Promise<Buffer> {
    const [name = '', file = ''] = path.split('::')
    const artifact = this.find(name)
    const files = this.opened.get(name) ?? this.open(artifact)
    this.opened.set(name, files)
    const found = (await files).get(file.replace(/^\.?\//, ''))
    if (found) return Buffer.from(found.content)
    throw new ActionFailure(`File [${file}] does not exist in artifact [${name}]`)
  }

  attribute(name: string, attribute: string): string {
    const { bucket, key } = this.find(name)
    if (attribute === 'BucketName') return bucket
    if (attribute === 'ObjectKey') return key
    if (attribute === 'URL') return `https://s3.${this.job.region}.amazonaws.com/${bucket}/${key}`
    throw new ActionFailure(`Fn::GetArtifactAtt knows BucketName, ObjectKey and URL, not ${attribute}`, {
      code: 'ConfigurationError',
    })
  }

  private find(name: string): ArtifactAt {
    const found = this.job.inputs.find((one) => one.name === name)
    if (found) return found
    throw new ActionFailure(`The artifact ${name} is not an input of the action`, {
      code: 'ConfigurationError',
    })
  }

  private async open(artifact: ArtifactAt): ReturnType<typeof open> {
    const content = await this.job.read(artifact)
    if (content.length > ARTIFACT_LIMIT)
      throw new ActionFailure(
        `The artifact ${artifact.name} is larger than ${ARTIFACT_LIMIT / 1024 ** 2} MB, CodePipeline's limit for CloudFormation`,
      )
    return open(content).catch((error: Error) => {
      throw new ActionFailure(`The artifact ${artifact.name} is no zip archive: ${error.message}`)
    })
  }
}
