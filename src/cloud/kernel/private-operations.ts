/** Operations that services call of each other and that AWS has no public API for; IAM has actions for them all the same. */

import type { Build } from '@aws-sdk/client-codebuild'
import type { Arn } from '../../model/index.ts'

export interface PrivateApi {
  cloudwatch: {
    /** AWS: namespaces that begin with `AWS/` are for its services, which put metrics into the account of what they measure. */
    PutServiceMetricData: {
      input: {
        readonly namespace: string
        readonly dimensions: readonly { readonly Name: string; readonly Value: string }[]
        readonly data: readonly { readonly name: string; readonly value: number; readonly unit: string }[]
      }
      output: Record<never, never>
    }
  }
  codebuild: {
    /** Shell commands on compute of a pipeline's own, as the pipeline's role or as one that this assumes. */
    RunCommands: {
      input: {
        readonly pipeline: {
          readonly name: string
          readonly arn: Arn
          readonly account: string
          readonly role: Arn
        }
        readonly role: Arn
        readonly commands: readonly string[]
        readonly image: string
        readonly computeType: string
        readonly variables: readonly {
          readonly name: string
          readonly value: string
          readonly type: string
        }[]
        readonly exported: readonly string[]
        /** `bucket/key` of each; commands run in the folder of the first. */
        readonly inputs: readonly { readonly name: string; readonly location: string }[]
        readonly revision?: string
        readonly output?: { readonly location: string; readonly files: readonly string[] }
        readonly encryptionKey?: string
        /** Whether the commands push images: they find an engine, and are logged in. */
        readonly publishes?: true
      }
      output: { build: Build }
    }
    GetCommands: { input: { id: string }; output: { build: Build | undefined } }
  }
  codecommit: {
    GitPull: {
      input: { repositoryName: string }
      /** Where the repository stands on this machine, and where git reaches it. */
      output: { folder: string; cloneUrl: string; defaultBranch: string | undefined }
    }
    UploadArchive: {
      input: { repositoryName: string; commitId: string }
      output: { uploadId: string }
    }
    GetUploadArchiveStatus: {
      input: { repositoryName: string; uploadId: string }
      output: { archive: Uint8Array }
    }
    CancelUploadArchive: {
      input: { repositoryName: string; uploadId: string }
      output: Record<never, never>
    }
    ImportArchive: {
      input: {
        repositoryName: string
        branchName: string
        bucket: string
        key: string
        version?: string
      }
      output: { commitId: string }
    }
  }
}
