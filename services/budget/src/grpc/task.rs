use medfund_proto::budget::v1::task_service_server::TaskService;
use medfund_proto::budget::v1::{
    GetTaskRequest, GetTaskResponse, ListOverdueTasksRequest, ListOverdueTasksResponse, ListTasksRequest,
    ListTasksResponse, RecordProgressRequest, RecordProgressResponse, ReopenTaskRequest, ReopenTaskResponse,
};
use medfund_server::accept;
use tonic::{Request, Response, Status};

use super::Grpc;
use super::convert::task as convert;

#[tonic::async_trait]
impl TaskService for Grpc {
    async fn list_tasks(
        &self,
        request: Request<ListTasksRequest>,
    ) -> Result<Response<ListTasksResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, day, filter, page) = convert::list_tasks(&context, &request)?;
        let size = page.size;
        let (day, tasks) = self.app.tasks(read, day, filter, page).await?;
        Ok(Response::new(convert::tasks_to_pb(tasks, day, size, &request)))
    }

    async fn get_task(&self, request: Request<GetTaskRequest>) -> Result<Response<GetTaskResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, key, day) = convert::get_task(&context, &request)?;
        let (day, task, progress) = self.app.task(read, key, day).await?;
        Ok(Response::new(GetTaskResponse {
            task: Some(convert::task_to_pb(&task, day)),
            progress: progress.iter().map(convert::progress_to_pb).collect(),
        }))
    }

    async fn record_progress(
        &self,
        request: Request<RecordProgressRequest>,
    ) -> Result<Response<RecordProgressResponse>, Status> {
        let (context, request) = accept(request)?;
        let (task, progress) = self.app.record_progress(convert::record_progress(&context, request)?).await?;
        Ok(Response::new(RecordProgressResponse {
            task: Some(convert::task_to_pb(&task, progress.mark.report_date)),
            progress: Some(convert::progress_to_pb(&progress)),
        }))
    }

    async fn reopen_task(
        &self,
        request: Request<ReopenTaskRequest>,
    ) -> Result<Response<ReopenTaskResponse>, Status> {
        let (context, request) = accept(request)?;
        let (task, progress) = self.app.reopen_task(convert::reopen_task(&context, request)?).await?;
        Ok(Response::new(ReopenTaskResponse {
            task: Some(convert::task_to_pb(&task, progress.mark.report_date)),
            progress: Some(convert::progress_to_pb(&progress)),
        }))
    }

    async fn list_overdue_tasks(
        &self,
        request: Request<ListOverdueTasksRequest>,
    ) -> Result<Response<ListOverdueTasksResponse>, Status> {
        let (context, request) = accept(request)?;
        let (read, day) = convert::list_overdue_tasks(&context, &request)?;
        let (day, tasks) = self.app.tasks_in_force(read, day).await?;
        Ok(Response::new(convert::overdue_to_pb(&tasks, day)))
    }
}
