"""Files in S3 (`S3_BUCKET`), for portals on several web nodes."""

from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class S3FileStorage(S3Storage):
    """The bucket stays private: files are given by the portal, which asks who may see them."""

    def url(self, name, *args, **kwargs):
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))
