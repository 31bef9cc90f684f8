/** Where an object is. */
export interface ObjectName {
  readonly bucket: string;
  readonly object: string;
}

/** What an object store such as Amazon S3 is asked. */
export type ObjectStoreRequest =
  | { readonly kind: "create-bucket"; readonly bucket: string }
  | { readonly kind: "remove-bucket"; readonly bucket: string }
  | { readonly kind: "put"; readonly to: ObjectName; readonly content: string }
  | { readonly kind: "copy"; readonly from: ObjectName; readonly to: ObjectName }
  | { readonly kind: "move"; readonly from: ObjectName; readonly to: ObjectName }
  | { readonly kind: "cat"; readonly from: ObjectName }
  | { readonly kind: "remove"; readonly from: ObjectName }
  | { readonly kind: "list-objects"; readonly bucket: string }
  | { readonly kind: "list-buckets" };

export type ObjectStoreReply =
  | { readonly kind: "ok" }
  | { readonly kind: "content"; readonly content: string }
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "error"; readonly code: "no-such-bucket" | "no-such-object" | "bucket-not-empty" };
