/** Operations that services call of each other and that AWS has no public API for; IAM has actions for them all the same. */

export interface PrivateApi {
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
