/** What a distributed file system such as HDFS is asked; paths are like `/a/b`, and `/` is always there. */
export type DistributedFilesRequest =
  | { readonly kind: "make-directory"; readonly path: string }
  | { readonly kind: "create"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly offset: number; readonly bytes: string }
  | { readonly kind: "read"; readonly path: string; readonly offset: number; readonly length: number }
  | { readonly kind: "move"; readonly from: string; readonly to: string };

export type DistributedFilesReply =
  | { readonly kind: "ok" }
  | { readonly kind: "bytes"; readonly bytes: string }
  | { readonly kind: "error"; readonly code: "no-such-file" | "no-such-directory" | "path-exists" };
