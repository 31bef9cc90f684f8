export interface PageRequest {
  readonly kind: "page";
  readonly path: string;
}

export interface PageReply {
  readonly kind: "page-content";
  readonly text: string;
}
